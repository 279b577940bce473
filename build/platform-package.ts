import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { MillraceError } from '../lib/wire/errors.ts';

const run = promisify(execFile);

export interface PackageSource {
  /** The folder of package.json, package-lock.json and node_modules. */
  readonly root: string;
  /** Keeps what was fetched from one build to the next. */
  readonly cacheFolder: string;
  /** Leaves the package's tarball in a folder. @default - npm fetches it */
  readonly fetchInto?: (wanted: string, folder: string) => Promise<void>;
}

interface Locked {
  readonly version: string;
  readonly integrity: string;
}

/** npm runs scripts with its own path in this variable; called by hand, it is the `npm` on the path. */
const npm = (): readonly [string, readonly string[]] => {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, [script]] : ['npm', []];
};

// One more try after a second; a registry that does not answer within two minutes does not hold the build longer.
const npmPack =
  (root: string) =>
  async (wanted: string, folder: string): Promise<void> => {
    const [command, before] = npm();
    const words = ['pack', wanted, '--pack-destination', folder, '--fetch-retries=1'];
    await run(command, [...before, ...words, '--fetch-retry-mintimeout=1000'], {
      cwd: root, // for the registry its .npmrc names
      timeout: 120_000,
      shell: process.platform === 'win32' && command === 'npm',
    });
  };

const lockedPackage = async (name: string, root: string): Promise<Locked> => {
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  const { version, integrity } = packages[`node_modules/${name}`] ?? {};
  if (version === undefined || !integrity?.startsWith('sha512-'))
    throw new MillraceError(
      'BUILD_PLATFORM_MISSING',
      `package-lock.json has no version and sha512 of ${name}`,
    );
  return { version, integrity };
};

const installedVersion = async (folder: string): Promise<string | undefined> => {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')).version : undefined;
};

/** Fetches, checks and unpacks into a folder beside the target, which then takes its place in one step. */
const fetchPackage = async (name: string, locked: Locked, target: string, source: PackageSource) => {
  await mkdir(source.cacheFolder, { recursive: true });
  const scratch = await mkdtemp(path.join(source.cacheFolder, 'fetch-'));
  try {
    const wanted = `${name}@${locked.version}`;
    await (source.fetchInto ?? npmPack(source.root))(wanted, scratch).catch((cause: unknown) => {
      throw new MillraceError(
        'BUILD_PLATFORM_MISSING',
        `npm could not fetch ${wanted}`,
        { wanted },
        { cause },
      );
    });
    const tarball = path.join(scratch, (await readdir(scratch)).find((file) => file.endsWith('.tgz')) ?? '');
    const came = `sha512-${createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64')}`;
    if (came !== locked.integrity)
      throw new MillraceError(
        'BUILD_PLATFORM_MISSING',
        `${wanted} came with ${came}, package-lock.json expects ${locked.integrity}`,
        { wanted },
      );
    await mkdir(path.join(scratch, 'package'), { recursive: true });
    await run('tar', ['-xzf', path.basename(tarball), '-C', 'package', '--strip-components=1'], {
      cwd: scratch,
    });
    await rename(path.join(scratch, 'package'), target).catch((error: unknown) => {
      if (!existsSync(target)) throw error; // otherwise another build was quicker, with the same bytes
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/**
 * The folder of a package that belongs to one platform: as installed, as fetched before, or fetched now, at the version
 * and sha512 of package-lock.json. Throws BUILD_PLATFORM_MISSING when it is not here and cannot be had.
 */
export const platformPackage = async (name: string, source: PackageSource): Promise<string> => {
  const locked = await lockedPackage(name, source.root);
  const installed = path.join(source.root, 'node_modules', name);
  if ((await installedVersion(installed)) === locked.version) return installed;
  const cached = path.join(source.cacheFolder, `${name.replace('/', '-')}-${locked.version}`);
  if (!existsSync(cached)) await fetchPackage(name, locked, cached, source);
  return cached;
};
