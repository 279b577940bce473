import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Services } from '../services.ts';

const compress = promisify(gzip);

/** What one object holds at most before it is unpacked: bounds the memory, and what a reader reads at once. */
const maxCharacters = 8_000_000;
/** Objects on their way at once: a year of labels is thousands of hours. */
const atOnce = 8;

interface LineObjects {
  readonly objects: Pick<Services['objects'], 'putIfAbsent'>;
  readonly extension: '.ndjson.gz' | '.jsonl';
}

/**
 * Writes lines into immutable objects named by their content: the same lines again are the same objects. Lines of one
 * folder must come together; each change of folder begins an object.
 */
export const lineObjects = ({ objects, extension }: LineObjects) => {
  let folder = '';
  let lines: string[] = [];
  let characters = 0;
  const underWay: Promise<unknown>[] = [];
  const keys: string[] = [];

  const put = async (key: string, text: string): Promise<void> => {
    const isPacked = extension.endsWith('.gz');
    await objects.putIfAbsent(key, isPacked ? await compress(text) : text);
  };

  const land = async (): Promise<void> => {
    await Promise.all(underWay.splice(0));
  };

  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const text = lines.join('');
    [lines, characters] = [[], 0];
    const key = `${folder}${hash('sha256', text)}${extension}`;
    keys.push(key);
    underWay.push(put(key, text));
    if (underWay.length >= atOnce) await land();
  };

  return {
    add: async (to: string, line: object): Promise<void> => {
      if (to !== folder || characters > maxCharacters) await flush();
      folder = to;
      const text = `${JSON.stringify(line)}\n`;
      characters += text.length;
      lines.push(text);
    },
    /** Resolves to the keys of all objects when the last of them is written. */
    close: async (): Promise<readonly string[]> => {
      await flush();
      await land();
      return keys;
    },
  };
};
