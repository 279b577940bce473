import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** The version of the package. */
export const productVersion: string = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
).version;

const readIfThere = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;

/** The commit that is checked out; `undefined` where this is no ordinary checkout. */
const commitOf = (gitFolder: string): string | undefined => {
  const head = readIfThere(path.join(gitFolder, 'HEAD'));
  const ref = /^ref: (.+)$/.exec(head ?? '')?.[1];
  if (ref === undefined) return head;
  const packed = readIfThere(path.join(gitFolder, 'packed-refs')) ?? '';
  return (
    readIfThere(path.join(gitFolder, ref)) ??
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0]
  );
};

/** Which code runs, as a run records it: `0.1.0+3f2a91c04d5e`, or the version alone. */
export const readCodeVersion = (): string => {
  const commit = commitOf(path.join(root, '.git'));
  return commit !== undefined && /^[0-9a-f]{40}$/.test(commit)
    ? `${productVersion}+${commit.slice(0, 12)}`
    : productVersion;
};
