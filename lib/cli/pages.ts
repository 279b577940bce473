import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Surroundings } from './surroundings.ts';

export const writePage: Surroundings['writePage'] = async (page, name, { isKept }) => {
  const file = isKept ? path.resolve(name) : path.join(await mkdtemp(path.join(tmpdir(), 'millrace-')), name);
  await writeFile(file, page);
  return file;
};

/** The program that shows a file as its owner would by hand. */
const opener = (): readonly [string, ...string[]] => {
  if (process.platform === 'darwin') return ['open'];
  return process.platform === 'win32' ? ['explorer.exe'] : ['xdg-open'];
};

export const openPage: Surroundings['openPage'] = (file) =>
  new Promise((resolve) => {
    const [program, ...words] = opener();
    const child = spawn(program, [...words, file], { stdio: 'ignore', detached: true });
    // Without a browser the path that was printed is what there is.
    child.on('error', () => resolve());
    child.on('spawn', () => {
      child.unref();
      resolve();
    });
  });
