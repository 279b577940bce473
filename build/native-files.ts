import path from 'node:path';
import type { NativeLibrary } from '../lib/wire/functions.ts';
import type { Settings } from '../lib/wire/settings.ts';
import { type PackageSource, platformPackage } from './platform-package.ts';

export type Architecture = Settings['architecture'];

/** What Node, npm and the packages call the architectures of Lambda. */
const nodeNames = { arm64: 'arm64', x86_64: 'x64' } as const satisfies Record<Architecture, string>;

/** Lambda's name of the processor this runs on; `undefined` where Lambda has none such. */
export const architectureHere = (): Architecture | undefined =>
  (Object.keys(nodeNames) as Architecture[]).find((name) => nodeNames[name] === process.arch);

/** Where each binary comes from, and where it goes in the bundle. A binary finds its library beside itself ($ORIGIN). */
const binaries = {
  // The package holds every platform.
  onnxruntime: (arch: string) => ({
    package: 'onnxruntime-node',
    folder: `bin/napi-v6/linux/${arch}`,
    files: ['onnxruntime_binding.node', 'libonnxruntime.so.1'],
  }),
  duckdb: (arch: string) => ({
    package: `@duckdb/node-bindings-linux-${arch}`,
    folder: '.',
    files: ['duckdb.node', 'libduckdb.so'],
  }),
} satisfies Record<NativeLibrary, unknown>;

/** The native files of a bundle, by their place in it. Throws BUILD_PLATFORM_MISSING. */
export const nativeFiles = async (
  natives: readonly NativeLibrary[],
  architecture: Architecture,
  source: PackageSource,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (const library of natives) {
    const wanted = binaries[library](nodeNames[architecture]);
    const folder = await platformPackage(wanted.package, source);
    for (const file of wanted.files)
      found.set(path.posix.join(library, file), path.join(folder, wanted.folder, file));
  }
  return found;
};
