import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writingTo } from '../adapters/shared/disk-full.ts';

/** Everything a laptop keeps lies in one folder: move it, copy it, delete it. */
export interface Home {
  readonly folder: string;
  /** What S3 holds in the cloud; `incoming/` in it is the drop zone. */
  readonly objectsFolder: string;
  readonly databaseFile: string;
  /** A disk that is full meanwhile is STORAGE_FULL, whoever wrote. */
  readonly withScratchFolder: <Result>(work: (folder: string) => Promise<Result>) => Promise<Result>;
  /** Signs approval links; made at the first start, readable by its owner only. */
  readonly secret: string;
}

const readSecret = (folder: string): string => {
  const file = path.join(folder, 'secret');
  if (!existsSync(file)) {
    // Written beside and linked: of two processes that start at once, both read the one secret that won.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return readFileSync(file, 'utf8');
};

export const openHome = (home: string): Home => {
  const folder = path.resolve(home);
  const scratch = path.join(folder, 'scratch');
  const objectsFolder = path.join(folder, 'objects');
  for (const each of [scratch, path.join(objectsFolder, 'incoming')]) mkdirSync(each, { recursive: true });
  return {
    folder,
    objectsFolder,
    databaseFile: path.join(folder, 'millrace.db'),
    secret: readSecret(folder),
    withScratchFolder: async (work) => {
      const own = path.join(scratch, `${process.pid}-${randomBytes(6).toString('hex')}`);
      const remove = () => rm(own, { recursive: true, force: true });
      const result = await writingTo(
        own,
        async () => {
          mkdirSync(own);
          return await work(own);
        },
        remove,
      );
      await remove();
      return result;
    },
  };
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Removes the scratch of processes that are gone: folders are named after the process that works in them. */
export const sweepScratch = async (home: Home): Promise<void> => {
  const scratch = path.join(home.folder, 'scratch');
  for (const name of await readdir(scratch)) {
    const pid = Number.parseInt(name, 10);
    if (Number.isNaN(pid) || !isRunning(pid))
      await rm(path.join(scratch, name), { recursive: true, force: true });
  }
};

const addressFile = (folder: string): string => path.join(folder, 'address');

/** Keeps where the server of a home answers, for commands that print links. */
export const rememberAddress = (folder: string, url: string): void => writeFileSync(addressFile(folder), url);

/** Where the server of a home answers or last answered. */
export const readAddress = (folder: string): string | undefined =>
  existsSync(addressFile(folder)) ? readFileSync(addressFile(folder), 'utf8') : undefined;
