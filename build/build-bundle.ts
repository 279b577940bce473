import { chmod, copyFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleOf } from '../lib/wire/functions.ts';
import { bundleCode, bytesByPackage } from './bundle-code.ts';
import { type Architecture, nativeFiles } from './native-files.ts';
import type { PackageSource } from './platform-package.ts';
import { type KnownSizes, type TreeFacts, treeFacts } from './tree-facts.ts';

export interface BundleRequest extends PackageSource {
  readonly bundle: string;
  readonly entries: Readonly<Record<string, string>>;
  readonly architecture: Architecture;
  /** The bundle's own folder is made in here, and takes the place of an older one. */
  readonly outFolder: string;
  readonly knownSizes: KnownSizes;
}

export interface BuiltBundle {
  readonly bundle: string;
  readonly functions: readonly string[];
  readonly facts: TreeFacts;
  readonly seconds: number;
  /** Bytes of JavaScript by package, largest first. */
  readonly packages: readonly (readonly [string, number])[];
}

/** The first moment a zip can hold: when it was built is no part of what was built. */
const epoch = new Date('1980-01-01T00:00:00Z');

/** Says what Node would otherwise search the folders above for, and find ESM where a bundle runs inside this repository. */
const commonJs = Buffer.from('{ "type": "commonjs" }\n');

const settle = async (file: string, mode: number): Promise<void> => {
  await chmod(file, mode);
  await utimes(file, epoch, epoch);
};

const fillFolder = async (
  folder: string,
  code: ReadonlyMap<string, Uint8Array>,
  natives: ReadonlyMap<string, string>,
): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  const folders = new Set([folder]);
  for (const name of natives.keys()) folders.add(path.join(folder, path.dirname(name)));
  for (const each of folders) await mkdir(each, { recursive: true });
  for (const [name, content] of code) await writeFile(path.join(folder, name), content);
  // Copies follow symbolic links, so that a bundle holds files only.
  for (const [name, from] of natives) await copyFile(from, path.join(folder, name));
  for (const name of [...code.keys(), ...natives.keys()]) await settle(path.join(folder, name), 0o644);
  for (const each of [...folders].reverse()) await settle(each, 0o755);
};

/** Makes one bundle's folder, whole or not at all. The same sources give the same bytes, names, modes and times. */
export const buildBundle = async (request: BundleRequest): Promise<BuiltBundle> => {
  const { bundle, entries, architecture, outFolder, root } = request;
  const started = performance.now();
  const { natives } = bundleOf(bundle);
  const [code, binaries] = await Promise.all([
    bundleCode({ root, bundle, entries, natives }),
    nativeFiles(natives, architecture, request),
  ]);
  const target = path.join(outFolder, bundle);
  const fresh = path.join(outFolder, `.${bundle}-${process.pid}`);
  try {
    await fillFolder(fresh, new Map([...code.files, ['package.json', commonJs]]), binaries);
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return {
    bundle,
    functions: Object.keys(entries),
    facts: await treeFacts(target, request.knownSizes),
    seconds: (performance.now() - started) / 1000,
    packages: bytesByPackage(code.metafile),
  };
};
