import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TreeFacts } from './tree-facts.ts';

/** Deflated sizes by sha256, as far as they are known: deflating 70 MB takes seconds, hashing them a tenth of one. */
export type KnownSizes = Map<string, Promise<number>>;

/** Smaller files are quicker deflated than remembered, and change with each build. */
const minBytes = 1_000_000;

const fileIn = (cacheFolder: string): string => path.join(cacheFolder, 'deflated-bytes.json');

const read = async (cacheFolder: string): Promise<Record<string, number>> => {
  const file = fileIn(cacheFolder);
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
};

/** What earlier builds found out about native libraries. */
export const recallSizes = async (cacheFolder: string): Promise<KnownSizes> =>
  new Map(Object.entries(await read(cacheFolder)).map(([sha256, bytes]) => [sha256, Promise.resolve(bytes)]));

/** Adds what a build found out, in one step: other builds may do the same at the same time. */
export const rememberSizes = async (cacheFolder: string, trees: readonly TreeFacts[]): Promise<void> => {
  const large = trees.flatMap(({ files }) => Object.values(files)).filter(({ bytes }) => bytes >= minBytes);
  const found = Object.fromEntries(large.map(({ sha256, deflatedBytes }) => [sha256, deflatedBytes]));
  const before = await read(cacheFolder);
  if (Object.keys(found).every((sha256) => sha256 in before)) return;
  await mkdir(cacheFolder, { recursive: true });
  const fresh = `${fileIn(cacheFolder)}.${process.pid}`;
  await writeFile(fresh, JSON.stringify({ ...before, ...found }));
  await rename(fresh, fileIn(cacheFolder));
};
