import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { MillraceError } from '../../wire/errors.ts';
import { errorCode } from '../shared/disk-full.ts';
import { checkObjectKey } from '../shared/object-key.ts';

/** Codes of a path that leads nowhere: a part is missing, or a part that should be a folder is a file. */
const nowhere: readonly unknown[] = ['ENOENT', 'ENOTDIR'];

/** True for the error of a path that leads nowhere. */
export const isNowhere = (error: unknown): boolean => nowhere.includes(errorCode(error));

const realpathIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
};

const isWithin = (root: string, path: string): boolean => {
  const way = relative(root, path);
  return way.split(sep)[0] !== '..' && !isAbsolute(way);
};

/** The real path of a key's file, or `undefined` when there is none or a symlink leads out of the root. */
export const pathToRead = async (root: string, key: string): Promise<string | undefined> => {
  checkObjectKey(key);
  const path = await realpathIfThere(join(root, key));
  return path !== undefined && isWithin(await realpath(root), path) ? path : undefined;
};

/** The path a key's file is to have. Throws OBJECT_KEY_INVALID when a symlink on the way leads out of the root. */
export const pathToWrite = async (root: string, key: string): Promise<string> => {
  checkObjectKey(key);
  const path = join(root, key);
  let folder = dirname(path);
  let real = await realpathIfThere(folder);
  while (real === undefined && folder !== dirname(folder)) {
    folder = dirname(folder);
    real = await realpathIfThere(folder);
  }
  if (real !== undefined && isWithin(await realpath(root), real)) return path;
  throw new MillraceError(
    'OBJECT_KEY_INVALID',
    `the object key ${JSON.stringify(key)} leads out of its root`,
    { key },
  );
};
