import path from 'node:path';
import { parseArgs } from 'node:util';
import { settingsOf } from '../lib/stacks/settings-file.ts';
import { isMillraceError, MillraceError } from '../lib/wire/errors.ts';
import { bundleNameOf, type FunctionName, functionNames } from '../lib/wire/functions.ts';
import type { BuiltBundle } from './build-bundles.ts';
import { buildFunctions, root } from './build-functions.ts';
import type { Architecture } from './native-files.ts';

// npm run build -- [--architecture arm64|x86_64] [--stage dev] [--only <function or bundle>] [--packages]

const wrong = (what: string, details: Record<string, unknown>, cause?: unknown): MillraceError =>
  new MillraceError('BUILD_USAGE_WRONG', what, details, { cause });

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        architecture: { type: 'string' },
        stage: { type: 'string', default: 'dev' },
        only: { type: 'string' },
        packages: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause), {}, cause);
  }
};

/** What was asked for, else what the stage's settings say. */
const architectureOf = (asked: string | undefined, stage: string): Architecture => {
  if (asked === 'arm64' || asked === 'x86_64') return asked;
  if (asked !== undefined)
    throw wrong(`--architecture: expected arm64 or x86_64, not "${asked}"`, { architecture: asked });
  const context = { tryGetContext: (key: string) => (key === 'stage' ? stage : undefined) };
  return settingsOf(context, path.join(root, 'settings')).architecture;
};

const functionsOf = (only: string | undefined): readonly FunctionName[] => {
  const chosen = functionNames.filter((name) => [undefined, name, bundleNameOf(name)].includes(only));
  if (chosen.length === 0) throw wrong(`--only: no function or bundle is called "${only}"`, { only });
  return chosen;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;

const tell = (showPackages: boolean) => (built: BuiltBundle) => {
  const { bundle, facts, seconds, packages } = built;
  console.log(
    `${bundle.padEnd(22)} ${megabytes(facts.zipBytes)} zipped ${megabytes(facts.bytes)} unzipped ${seconds.toFixed(1).padStart(5)} s`,
  );
  if (showPackages)
    for (const [name, bytes] of packages.slice(0, 12)) console.log(`  ${megabytes(bytes)} ${name}`);
};

try {
  const { architecture, stage, only, packages } = readOptions();
  const chosen = architectureOf(architecture, stage);
  const functions = functionsOf(only);
  console.log(`Functions for ${chosen}, into dist/functions:`);
  await buildFunctions({ architecture: chosen, functions, onBuilt: tell(packages) });
} catch (error) {
  // esbuild's failures name file and line; a stack of ours would add nothing to either.
  console.error(isMillraceError(error) ? `${error.name}: ${error.message}` : String(error));
  process.exitCode = 1;
}
