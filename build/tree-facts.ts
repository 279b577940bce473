import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { KnownSizes } from './known-sizes.ts';

const deflate = promisify(deflateRaw);

export interface FileFacts {
  readonly sha256: string;
  readonly bytes: number;
  readonly deflatedBytes: number;
}

export interface TreeFacts {
  /** Of every path and content: equal folders give equal hashes. */
  readonly sha256: string;
  readonly bytes: number;
  /** What a zip of it weighs, headers included. */
  readonly zipBytes: number;
  readonly files: Readonly<Record<string, FileFacts>>;
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A zip holds 30 + 46 bytes of headers for a file, and its name twice. */
const headerBytes = (name: string): number => 76 + 2 * Buffer.byteLength(name);

const fileFacts = async (folder: string, name: string, known: KnownSizes): Promise<FileFacts> => {
  const content = await readFile(path.join(folder, name));
  const hash = sha256(content);
  const deflated = known.get(hash) ?? deflate(content).then(({ length }) => length);
  known.set(hash, deflated);
  return { sha256: hash, bytes: content.length, deflatedBytes: await deflated };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Hashes and weighs a folder, as a zip of it would weigh. */
export const treeFacts = async (folder: string, known: KnownSizes): Promise<TreeFacts> => {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  const facts = await Promise.all(
    names.map(async (name) => [name, await fileFacts(folder, name, known)] as const),
  );
  const files = facts.map(([, file]) => file);
  return {
    sha256: sha256(facts.map(([name, file]) => `${file.sha256} ${name}\n`).join('')),
    bytes: sum(files.map((file) => file.bytes)),
    zipBytes: sum(files.map((file) => file.deflatedBytes)) + sum(names.map(headerBytes)),
    files: Object.fromEntries(facts),
  };
};
