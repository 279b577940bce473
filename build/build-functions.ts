import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readCodeVersion } from '../lib/laptop/code-version.ts';
import { bundleNameOf, type FunctionName, functionNames } from '../lib/wire/functions.ts';
import { type BuiltBundle, buildBundles } from './build-bundles.ts';
import type { BundleEntries } from './bundle-code.ts';
import { recallSizes, rememberSizes } from './known-sizes.ts';
import type { Architecture } from './native-files.ts';
import type { TreeFacts } from './tree-facts.ts';

export const root: string = path.resolve(import.meta.dirname, '..');

export interface FunctionsRequest {
  readonly architecture: Architecture;
  /** @default - every function there is */
  readonly functions?: readonly FunctionName[];
  /** @default dist/functions */
  readonly outFolder?: string;
  readonly onBuilt?: (bundle: BuiltBundle) => void;
}

/** `manifest.json` beside the bundles: what a deployment and a reader can check them by. */
export interface BuildManifest {
  readonly architecture: Architecture;
  /** Of the code that was built, as runs record it. */
  readonly codeVersion: string;
  readonly bundles: Readonly<Record<string, TreeFacts & { readonly functions: readonly string[] }>>;
}

export const cacheFolder: string = path.join(root, 'dist/.cache');

/** The manifest of an earlier build; `undefined` when there is none. */
export const readManifest = (outFolder: string): BuildManifest | undefined => {
  const file = path.join(outFolder, 'manifest.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

/** A bundle is made whole: with one of its functions come the others that share it. */
const entriesOf = (wanted: readonly FunctionName[]): BundleEntries => {
  const entries: Record<string, Record<string, string>> = {};
  for (const name of functionNames) {
    const bundle = bundleNameOf(name);
    if (!wanted.some((one) => bundleNameOf(one) === bundle)) continue;
    entries[bundle] = { ...entries[bundle], [name]: path.join(root, 'lambdas', name, 'entry.ts') };
  }
  return entries;
};

/** Bundles that were not built anew keep their place, unless they are for another processor. */
const manifestOf = (
  architecture: Architecture,
  built: readonly BuiltBundle[],
  before: BuildManifest | undefined,
): BuildManifest => {
  const kept = before?.architecture === architecture ? before.bundles : {};
  const fresh = Object.fromEntries(
    built.map(({ bundle, functions, facts }) => [bundle, { functions, ...facts }]),
  );
  const bundles = Object.entries({ ...kept, ...fresh })
    .filter(([name]) => functionNames.some((one) => bundleNameOf(one) === name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { architecture, codeVersion: readCodeVersion(), bundles: Object.fromEntries(bundles) };
};

/** What functions no longer have, and what an interrupted build left. */
const removeStrangers = async (outFolder: string, bundles: readonly string[]): Promise<void> => {
  const keep = new Set([...bundles, 'manifest.json']);
  for (const name of await readdir(outFolder))
    if (!keep.has(name)) await rm(path.join(outFolder, name), { recursive: true, force: true });
};

/**
 * Builds the folders that are uploaded as Lambda functions, each beside the others in `outFolder`, with a manifest.
 * Throws BUILD_PLATFORM_MISSING; a mistake in the code rejects with esbuild's own failure.
 */
export const buildFunctions = async ({
  architecture,
  functions = functionNames,
  outFolder = path.join(root, 'dist/functions'),
  onBuilt,
}: FunctionsRequest): Promise<readonly BuiltBundle[]> => {
  await mkdir(outFolder, { recursive: true });
  const before = readManifest(outFolder);
  const built = await buildBundles({
    root,
    cacheFolder,
    entries: entriesOf(functions),
    architecture,
    outFolder,
    knownSizes: await recallSizes(cacheFolder),
    onBuilt,
  });
  const manifest = manifestOf(architecture, built, before);
  await removeStrangers(outFolder, Object.keys(manifest.bundles));
  await writeFile(path.join(outFolder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await rememberSizes(
    cacheFolder,
    built.map(({ facts }) => facts),
  );
  return built;
};
