import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { temporaryFolder } from '../support/index.ts';
import { objectStoreContract } from './object-store.ts';

objectStoreContract('A folder', () => {
  const folder = temporaryFolder();
  const duringCopy = new Map<string, () => void>();
  const replace = (key: string, content: string) => {
    const path = join(folder.path, key);
    mkdirSync(dirname(path), { recursive: true });
    // A copy made beside and moved over it, as browsers and file managers do: the time may be the same, the inode is not.
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  const copyFile: typeof fs.copyFile = async (from, to, mode) => {
    await fs.copyFile(from, to, mode);
    duringCopy.get(String(from))?.();
  };
  return {
    store: folderObjectStore({ root: folder.path, writes: { copyFile } }),
    replace,
    replaceDuringDownload: (key, content) =>
      duringCopy.set(join(folder.path, key), () => writeFileSync(join(folder.path, key), content)),
    remove: folder.remove,
  };
});
