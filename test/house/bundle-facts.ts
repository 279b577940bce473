import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { BuiltBundle } from '../../build/build-bundles.ts';
import type { Architecture } from '../../build/native-files.ts';
import { bundleOf } from '../../lib/wire/functions.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2).padStart(7);

/** Sizes as a table for people. */
export const tableOf = (architecture: Architecture, bundles: readonly BuiltBundle[]): string =>
  [
    `${architecture.padEnd(22)} zipped MB  bound  unzipped MB  JavaScript, kB`,
    ...bundles.map(({ bundle, facts, packages }) => {
      const largest = packages.slice(0, 4).map(([name, bytes]) => `${name} ${Math.round(bytes / 1e3)}`);
      const bound = String(bundleOf(bundle).maxZipMb).padStart(6);
      return `${bundle.padEnd(22)} ${megabytes(facts.zipBytes)}   ${bound}  ${megabytes(facts.bytes)}      ${largest.join(', ')}`;
    }),
  ].join('\n');

/** What is over its bound, and which packages its bytes are. */
export const tooLarge = (bundles: readonly BuiltBundle[]): readonly string[] =>
  bundles
    .filter(({ bundle, facts }) => facts.zipBytes > bundleOf(bundle).maxZipMb * 1e6)
    .map(
      ({ bundle, facts, packages }) => `${bundle}: ${facts.zipBytes} bytes zipped, of ${packages.join(' ')}`,
    );

/** What an ELF file says its processor is, at byte 18. */
const machineOf = (file: string): number => {
  const header = Buffer.alloc(20);
  const opened = openSync(file, 'r');
  readSync(opened, header, 0, 20, 0);
  closeSync(opened);
  return header.readUInt16LE(18);
};
/** By processor, what its ELF files say. */
export const machines = { x86_64: 0x3e, arm64: 0xb7 } as const;

/** What the native libraries of built bundles are for. */
export const processorsOf = (folder: string, bundles: readonly BuiltBundle[]): ReadonlySet<number> =>
  new Set(
    bundles.flatMap(({ bundle, facts }) =>
      Object.keys(facts.files)
        .filter((file) => /\.(node|so(\.\d+)?)$/.test(file))
        .map((file) => machineOf(path.join(folder, bundle, file))),
    ),
  );
