import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { objectKeyFault } from '../shared/object-key.ts';
import { compareUtf8 } from '../shared/text-order.ts';
import { isNowhere } from './folder-paths.ts';

/** A folder's objects and subfolders, the latter with a trailing slash: sorted so, a walk meets keys in byte order. */
const entriesOf = async (folder: string, at: string): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isFile())
      .filter((entry) => objectKeyFault(`${at}${entry.name}`) === undefined)
      .map((entry) => `${at}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort(compareUtf8);
  } catch (error) {
    // Removed since its parent was read.
    if (isNowhere(error)) return [];
    throw error;
  }
};

/**
 * The keys under `root` that start with `prefix` and come after `after`, in UTF-8 byte order. Symlinks, temporary files
 * and names that are no keys (a backslash, a control character) are not objects. Only folders on the way are read.
 */
export async function* keysUnder(
  root: string,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<string> {
  const isPassed = (key: string) => after !== undefined && compareUtf8(key, after) <= 0;
  async function* walk(at: string): AsyncGenerator<string> {
    for (const entry of await entriesOf(join(root, at), at)) {
      if (entry.endsWith('/')) {
        const mayMatch = entry.startsWith(prefix) || prefix.startsWith(entry);
        const isBehind = isPassed(entry) && after?.startsWith(entry) === false;
        if (mayMatch && !isBehind) yield* walk(entry);
      } else if (entry.startsWith(prefix) && !isPassed(entry)) yield entry;
    }
  }
  yield* walk('');
}
