import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectBody, ObjectHead, ObjectStore } from '../../ports/object-store.ts';
import { MillraceError } from '../../wire/errors.ts';
import { errorCode, writingTo } from '../shared/disk-full.ts';
import {
  checkedPage,
  cursorAfter,
  objectChanged,
  objectNotFound,
  temporarySegment,
} from '../shared/object-key.ts';
import { keysUnder } from './folder-listing.ts';
import { isNowhere, pathToRead, pathToWrite } from './folder-paths.ts';

/** The calls that write: tests put failing ones in their place. */
export type FolderWrites = Pick<typeof fs, 'writeFile' | 'copyFile' | 'link' | 'mkdir'>;

/** A temporary file not written to for this long was left by a process that died. */
const abandonedAfterMs = 60 * 60 * 1000;

/**
 * Size, time of the last write and inode. Cheap where a hash would read every file at each look, and different when
 * a file is replaced by one of the same size: an editor or `cp` moves the time, `mv` brings another inode. What it
 * misses is content of the same size copied *over* the file with the very same nanosecond (`cp -p`); manifests carry
 * a sha256 for that.
 */
const etagOf = (stats: BigIntStats): string => `${stats.size}-${stats.mtimeNs}-${stats.ino}`;

const toHead = (key: string, stats: BigIntStats): ObjectHead => ({
  key,
  sizeBytes: Number(stats.size),
  etag: etagOf(stats),
  modifiedAt: new Date(Number(stats.mtimeMs)).toISOString(),
});

const statFile = async (path: string): Promise<BigIntStats | undefined> => {
  try {
    const stats = await fs.lstat(path, { bigint: true });
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
};

/** Makes what was written outlast a power cut. Windows syncs only what is open for writing, and folders by itself. */
const syncToDisk = async (path: string, isFolder: boolean) => {
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
const syncFolders = async (folder: string, firstNew: string | undefined) => {
  const top = firstNew === undefined ? folder : dirname(firstNew);
  for (let at = folder; at.length >= top.length; at = dirname(at)) {
    await syncToDisk(at, true);
    if (at === dirname(at)) return;
  }
};

const remove = (path: string) => fs.rm(path, { force: true });

const removeAbandoned = async (folder: string) => {
  for (const name of await fs.readdir(folder)) {
    const stats = await statFile(join(folder, name));
    if (stats !== undefined && Number(stats.mtimeMs) < Date.now() - abandonedAfterMs)
      await remove(join(folder, name));
  }
};

/**
 * Objects as plain files under `root`, the key as the path, so that people can drop files in and look around by hand.
 * A new object is written under a temporary name, synced, and given its own name by link(2), which fails when the
 * name is taken: that is the if-none-match. Root and temporary files lie on one file system, which must know hard links.
 */
export const folderObjectStore = (options: {
  readonly root: string;
  /** @default - the real ones */
  readonly writes?: Partial<FolderWrites>;
}): ObjectStore => {
  const { root } = options;
  const writes: FolderWrites = { ...fs, ...options.writes };
  const temporary = join(root, temporarySegment);
  let ready: Promise<void> | undefined;

  const makeFolders = async () => {
    try {
      await writes.mkdir(temporary, { recursive: true });
      await removeAbandoned(temporary);
    } catch (error) {
      ready = undefined;
      throw error;
    }
  };
  const writeTemporary = async (path: string, body: ObjectBody) => {
    const isFile = typeof body === 'object' && 'filePath' in body;
    await (isFile ? writes.copyFile(body.filePath, path) : writes.writeFile(path, body));
    await syncToDisk(path, false);
  };

  const headOf = async (key: string): Promise<ObjectHead | undefined> => {
    const path = await pathToRead(root, key);
    const stats = path === undefined ? undefined : await statFile(path);
    return stats === undefined ? undefined : toHead(key, stats);
  };
  const existing = async (key: string): Promise<ObjectHead> => {
    const head = await headOf(key);
    if (head !== undefined) return head;
    throw new MillraceError(
      'OBJECT_KEY_INVALID',
      `${JSON.stringify(key)} or a part of it is a folder or a link`,
      { key },
    );
  };

  /** Gives the written file its key; false when the key is taken. */
  const publish = async (from: string, path: string): Promise<boolean> => {
    try {
      const firstNew = await writes.mkdir(dirname(path), { recursive: true });
      await writes.link(from, path);
      await syncFolders(dirname(path), firstNew);
      return true;
    } catch (error) {
      if (['EEXIST', 'ENOTDIR'].includes(String(errorCode(error)))) return false;
      throw error;
    }
  };

  const putIfAbsent: ObjectStore['putIfAbsent'] = async (key, body) => {
    const head = await headOf(key);
    if (head !== undefined) return { created: false, head };
    const from = join(temporary, randomUUID());
    const create = async () => {
      ready ??= makeFolders();
      await ready;
      const path = await pathToWrite(root, key);
      await writeTemporary(from, body);
      return await publish(from, path);
    };
    const created = await writingTo(join(root, key), create, () => remove(from));
    await remove(from);
    return { created, head: await existing(key) };
  };

  const get: ObjectStore['get'] = async (key) => {
    const path = await pathToRead(root, key);
    if (path === undefined || (await statFile(path)) === undefined) throw objectNotFound(key);
    return await fs.readFile(path);
  };

  const download: ObjectStore['download'] = async (key, filePath, { etag } = {}) => {
    const path = await pathToRead(root, key);
    const before = path === undefined ? undefined : await statFile(path);
    if (path === undefined || before === undefined) throw objectNotFound(key);
    if (etag !== undefined && etag !== etagOf(before)) throw objectChanged(key);
    const partial = `${filePath}.${randomUUID()}.partial`;
    const copy = async () => {
      await writes.copyFile(path, partial);
      const after = await statFile(path);
      if (after === undefined || etagOf(after) !== etagOf(before)) throw objectChanged(key);
      await fs.rename(partial, filePath);
    };
    await writingTo(filePath, copy, () => remove(partial));
    return toHead(key, before);
  };

  const list: ObjectStore['list'] = async (prefix, page) => {
    const { limit, after } = checkedPage(page);
    const objects: ObjectHead[] = [];
    for await (const key of keysUnder(root, prefix, after)) {
      const last = objects.at(-1);
      if (objects.length === limit && last !== undefined) return { objects, cursor: cursorAfter(last.key) };
      const stats = await statFile(join(root, key));
      if (stats !== undefined) objects.push(toHead(key, stats));
    }
    return { objects };
  };

  return { putIfAbsent, get, download, head: headOf, list };
};
