import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
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
import { etagOf, statFile, syncFolders, syncToDisk, toHead } from './folder-files.ts';
import { keysUnder } from './folder-listing.ts';
import { pathToRead, pathToWrite } from './folder-paths.ts';

/** The calls that write: tests put failing ones in their place. */
export type FolderWrites = Pick<typeof fs, 'writeFile' | 'copyFile' | 'link' | 'mkdir'>;

/** A temporary file not written to for this long was left by a process that died. */
const abandonedAfterMs = 60 * 60 * 1000;

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
  let swept: Promise<void> | undefined;

  const makeRoot = async () => {
    await writes.mkdir(temporary, { recursive: true });
    swept ??= removeAbandoned(temporary);
    await swept;
  };
  const writeTemporary = async (path: string, body: ObjectBody) => {
    const isFile = typeof body === 'object' && 'filePath' in body;
    // FICLONE shares the blocks where the file system can, and copies where it cannot.
    await (isFile
      ? writes.copyFile(body.filePath, path, constants.COPYFILE_FICLONE)
      : writes.writeFile(path, body));
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

  const putIfAbsent: ObjectStore['putIfAbsent'] = async (key, body, { signal } = {}) => {
    signal?.throwIfAborted();
    const head = await headOf(key);
    if (head !== undefined) return { created: false, head };
    const from = join(temporary, randomUUID());
    const create = async () => {
      await makeRoot();
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

  const download: ObjectStore['download'] = async (key, filePath, { etag, signal } = {}) => {
    signal?.throwIfAborted();
    const path = await pathToRead(root, key);
    const before = path === undefined ? undefined : await statFile(path);
    if (path === undefined || before === undefined) throw objectNotFound(key);
    if (etag !== undefined && etag !== etagOf(before)) throw objectChanged(key);
    const partial = `${filePath}.${randomUUID()}.partial`;
    const copy = async () => {
      await writes.copyFile(path, partial, constants.COPYFILE_FICLONE);
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
