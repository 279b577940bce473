import { chmod, copyFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MillraceError } from '../lib/wire/errors.ts';
import { bundleOf } from '../lib/wire/functions.ts';
import { type BundledCode, type BundleEntries, bundleCode } from './bundle-code.ts';
import type { KnownSizes } from './known-sizes.ts';
import { type Architecture, nativeFiles } from './native-files.ts';
import type { PackageSource } from './platform-package.ts';
import { type TreeFacts, treeFacts } from './tree-facts.ts';

export interface BundlesRequest extends PackageSource {
  readonly entries: BundleEntries;
  readonly architecture: Architecture;
  /** Each bundle's own folder is made in here, and takes the place of an older one. */
  readonly outFolder: string;
  readonly knownSizes: KnownSizes;
  readonly onBuilt?: ((bundle: BuiltBundle) => void) | undefined;
}

export interface BuiltBundle {
  readonly bundle: string;
  readonly functions: readonly string[];
  readonly facts: TreeFacts;
  /** From the start of the build, which the bundles share, until this one was there. */
  readonly seconds: number;
  /** Bytes of JavaScript by package, largest first. */
  readonly packages: BundledCode['packages'];
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

const requireCarried = (bundle: string, code: BundledCode): void => {
  const missing = code.natives.find((library) => !bundleOf(bundle).natives.includes(library));
  if (missing !== undefined)
    throw new MillraceError(
      'BUILD_BUNDLE_WRONG',
      `the code of the bundle "${bundle}" loads ${missing}, which this bundle does not carry`,
      { bundle, library: missing },
    );
};

/** Makes one bundle's folder, whole or not at all. */
const placeBundle = async (
  bundle: string,
  code: BundledCode,
  binaries: ReadonlyMap<string, string>,
  { outFolder, knownSizes }: BundlesRequest,
): Promise<TreeFacts> => {
  const target = path.join(outFolder, bundle);
  const fresh = path.join(outFolder, `.${bundle}-${process.pid}`);
  try {
    await fillFolder(fresh, new Map([...code.files, ['package.json', commonJs]]), binaries);
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return treeFacts(target, knownSizes);
};

/** One bundle after the other, so that a package two of them need is fetched once. */
const binariesOf = async (
  request: BundlesRequest,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> => {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const bundle of Object.keys(request.entries))
    found.set(bundle, await nativeFiles(bundleOf(bundle).natives, request.architecture, request));
  return found;
};

/** Makes the folder of each bundle. The same sources give the same bytes, names, modes and times. */
export const buildBundles = async (request: BundlesRequest): Promise<readonly BuiltBundle[]> => {
  const started = performance.now();
  const [bundles, binaries] = await Promise.all([
    bundleCode(request.root, request.entries),
    binariesOf(request),
  ]);
  for (const [bundle, code] of bundles) requireCarried(bundle, code);
  return Promise.all(
    [...bundles].map(async ([bundle, code]) => {
      const facts = await placeBundle(bundle, code, binaries.get(bundle) ?? new Map(), request);
      const seconds = (performance.now() - started) / 1000;
      const functions = Object.keys(request.entries[bundle] ?? {});
      const built: BuiltBundle = { bundle, functions, facts, seconds, packages: code.packages };
      request.onBuilt?.(built);
      return built;
    }),
  );
};
