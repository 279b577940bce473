import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ObjectHead } from '../../ports/object-store.ts';
import { isNowhere } from './folder-paths.ts';

/**
 * Size, time of the last write and inode. Cheap where a hash would read every file at each look, and different when
 * a file is replaced by one of the same size: an editor or `cp` moves the time, `mv` brings another inode. What it
 * misses is content of the same size copied *over* the file with the very same nanosecond (`cp -p`); manifests carry
 * a sha256 for that.
 */
export const etagOf = (stats: BigIntStats): string => `${stats.size}-${stats.mtimeNs}-${stats.ino}`;

/** What the port tells of a file. */
export const toHead = (key: string, stats: BigIntStats): ObjectHead => ({
  key,
  sizeBytes: Number(stats.size),
  etag: etagOf(stats),
  modifiedAt: new Date(Number(stats.mtimeMs)).toISOString(),
});

/** The file at a path, links not followed; `undefined` when there is none, or something that is no file. */
export const statFile = async (path: string): Promise<BigIntStats | undefined> => {
  try {
    const stats = await fs.lstat(path, { bigint: true });
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
};

/** Makes what was written outlast a power cut. Windows syncs only what is open for writing, and folders by itself. */
export const syncToDisk = async (path: string, isFolder: boolean) => {
  const isWindows = process.platform === 'win32';
  if (isFolder && isWindows) return;
  const handle = await fs.open(path, isWindows ? 'r+' : 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Syncs the folder of a new file, and the folders above it that were new themselves. */
export const syncFolders = async (folder: string, firstNew: string | undefined) => {
  const top = firstNew === undefined ? folder : dirname(firstNew);
  for (let at = folder; at.length >= top.length; at = dirname(at)) {
    await syncToDisk(at, true);
    if (at === dirname(at)) return;
  }
};
