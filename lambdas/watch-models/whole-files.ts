import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';
import { isWholeGzip } from './captured-files.ts';

type Needs = Pick<Services, 'objects' | 'signal'>;

export interface FetchedFile {
  readonly key: string;
  /** Until the next is asked for. `undefined`: the object is corrupt, or gone. */
  readonly filePath: string | undefined;
}

const fetchWhole = async (key: string, filePath: string, { objects }: Needs): Promise<FetchedFile> => {
  try {
    await objects.download(key, filePath);
  } catch (error) {
    if (isMillraceError(error, 'OBJECT_NOT_FOUND')) return { key, filePath: undefined };
    throw error;
  }
  return { key, filePath: (await isWholeGzip(filePath)) ? filePath : undefined };
};

/**
 * Gzip objects as local files, each seen to unpack to its end, in the order of their keys. While one is read the next is
 * fetched and looked at, which other threads do: the folder holds two at a time and is empty afterwards.
 */
export async function* wholeFiles(
  keys: readonly string[],
  folder: string,
  services: Needs,
): AsyncGenerator<FetchedFile> {
  const places = [path.join(folder, 'even.gz'), path.join(folder, 'odd.gz')] as const;
  const placeOf = (index: number) => places[index % 2 === 0 ? 0 : 1];
  const fetch = async (index: number): Promise<FetchedFile | undefined> => {
    const key = keys[index];
    if (key === undefined) return undefined;
    await rm(placeOf(index), { force: true });
    return fetchWhole(key, placeOf(index), services);
  };
  let coming = fetch(0);
  try {
    for (let index = 0; ; index += 1) {
      const file = await coming;
      if (file === undefined) return;
      services.signal?.throwIfAborted();
      coming = fetch(index + 1);
      // Its failure is thrown when its turn comes; until then nobody looks.
      coming.catch(() => undefined);
      yield file;
    }
  } finally {
    await coming.catch(() => undefined);
    for (const place of places) await rm(place, { force: true });
  }
}
