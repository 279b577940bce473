import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { BuiltBundle } from '../../build/build-bundles.ts';
import { buildFunctions, readManifest } from '../../build/build-functions.ts';
import { type Architecture, architectureHere } from '../../build/native-files.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { bundleNameOf, bundleOf, functionNames } from '../../lib/wire/functions.ts';
import { temporaryFolder } from '../support/index.ts';
import { machines, processorsOf, tableOf, tooLarge } from './bundle-facts.ts';

const folder = temporaryFolder();
const here: Architecture = architectureHere() ?? 'x86_64';
const other: Architecture = here === 'arm64' ? 'x86_64' : 'arm64';

/** Only these differ from one processor to another. */
const native = functionNames.filter((name) => bundleOf(bundleNameOf(name)).natives.length > 0);

const build = (
  architecture: Architecture,
  into: string,
  functions = functionNames,
): Promise<readonly BuiltBundle[]> =>
  buildFunctions({ architecture, functions, outFolder: path.join(folder.path, into) });

const hashes = (bundles: readonly BuiltBundle[]) =>
  Object.fromEntries(bundles.map(({ bundle, facts }) => [bundle, facts.sha256]));

afterAll(() => folder.remove());

describe('the bundles of the functions', () => {
  it('are the same byte for byte when built again', async () => {
    const built = await build(here, 'first');
    const first = readManifest(path.join(folder.path, 'first'));

    const again = await build(here, 'first');

    expect(hashes(again)).toEqual(hashes(built));
    expect(readManifest(path.join(folder.path, 'first'))).toEqual(first);
  }, 120_000);

  it(`can be built for ${other} on this machine`, async ({ skip }) => {
    const crossed = await build(other, 'other', native).catch((error: unknown) => {
      if (isMillraceError(error, 'BUILD_PLATFORM_MISSING'))
        skip(`no package for ${other} here: ${error.message}`);
      throw error;
    });
    console.log(tableOf(other, crossed));

    expect(tooLarge(crossed)).toEqual([]);
    expect(processorsOf(path.join(folder.path, 'other'), crossed)).toEqual(new Set([machines[other]]));
  }, 150_000);
});
