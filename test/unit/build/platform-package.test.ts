import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { platformPackage } from '../../../build/platform-package.ts';
import { errorCatalogue } from '../../../lib/wire/errors.ts';
import { temporaryFolder } from '../../support/index.ts';

const name = '@scope/library-linux-arm64';

/** A repository whose lock names one package, and a registry that has it. */
const repository = () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const root = folder.path;
  mkdirSync(path.join(root, 'made/package'), { recursive: true });
  writeFileSync(path.join(root, 'made/package/library.node'), 'machine code');
  const tarball = path.join(root, 'library.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', path.join(root, 'made'), 'package']);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const lock = (sha512: string) =>
    writeFileSync(
      path.join(root, 'package-lock.json'),
      JSON.stringify({ packages: { [`node_modules/${name}`]: { version: '1.2.3', integrity: sha512 } } }),
    );
  lock(integrity);
  const fetchInto = vi.fn(async (_: string, into: string) => cpSync(tarball, path.join(into, 'library.tgz')));
  return { root, cacheFolder: path.join(root, 'dist/.cache'), fetchInto, lock };
};

const install = (root: string, version: string): string => {
  const folder = path.join(root, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ version }));
  return folder;
};

describe('the package of a platform', () => {
  it('is taken as installed when that is the version of the lock file', async () => {
    const there = repository();
    const installed = install(there.root, '1.2.3');

    expect(await platformPackage(name, there)).toBe(installed);
    expect(there.fetchInto).not.toHaveBeenCalled();
  });

  it('is fetched at the version of the lock file, once', async () => {
    const there = repository();
    install(there.root, '1.2.2');

    const first = await platformPackage(name, there);
    const second = await platformPackage(name, there);

    expect(readFileSync(path.join(first, 'library.node'), 'utf8')).toBe('machine code');
    expect(second).toBe(first);
    expect(there.fetchInto.mock.calls.map(([wanted]) => wanted)).toEqual([`${name}@1.2.3`]);
    expect(readdirSync(there.cacheFolder)).toEqual(['@scope-library-linux-arm64-1.2.3']);
  });

  it('is refused when its bytes are not those of the lock file, and nothing of it is kept', async () => {
    const there = repository();
    there.lock(`sha512-${Buffer.alloc(64).toString('base64')}`);

    await expect(platformPackage(name, there)).rejects.toMatchObject({
      name: 'BUILD_PLATFORM_MISSING',
      message: expect.stringMatching(/came with sha512-.*package-lock\.json expects sha512-AAAA/),
    });
    expect(readdirSync(there.cacheFolder)).toEqual([]);
  });

  it('is asked for in words when the registry is out of reach', async () => {
    const there = repository();
    const fetchInto = () => Promise.reject(new Error('ENOTFOUND'));

    await expect(platformPackage(name, { ...there, fetchInto })).rejects.toMatchObject({
      name: 'BUILD_PLATFORM_MISSING',
      message: `npm could not fetch ${name}@1.2.3; ${errorCatalogue.BUILD_PLATFORM_MISSING}`,
    });
    expect(existsSync(there.cacheFolder)).toBe(true);
    expect(readdirSync(there.cacheFolder)).toEqual([]);
  });

  it('is never fetched without a hash to check it by', async () => {
    const there = repository();

    await expect(platformPackage('@scope/other', there)).rejects.toThrow(
      /no version and sha512 of @scope\/other/,
    );
    expect(there.fetchInto).not.toHaveBeenCalled();
  });
});
