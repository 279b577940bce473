import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { settingsOf } from '../lib/stacks/settings-file.ts';
import { isMillraceError } from '../lib/wire/errors.ts';
import { buildFunctions, root } from './build-functions.ts';

// npm run deploy -- -c stage=prod: the functions of that stage are built, then `cdk deploy -c stage=prod` runs.

/** What `-c key=value` gives, in each of the spellings the CDK's command line takes. */
const contextIn = (given: readonly string[]): ReadonlyMap<string, string> => {
  const pairs = given.flatMap((word, at) => {
    if (word === '-c' || word === '--context') return given[at + 1] ?? [];
    return /^(?:-c|--context=)(.+)$/.exec(word)?.[1] ?? [];
  });
  return new Map(
    pairs.map((pair) => {
      const [key = '', ...value] = pair.split('=');
      return [key, value.join('=')];
    }),
  );
};

const cdk = path.join(
  path.dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')),
  'bin/cdk',
);

try {
  const given = process.argv.slice(2);
  const context = contextIn(given);
  const { architecture, stage } = settingsOf(
    { tryGetContext: (key: string) => context.get(key) },
    path.join(root, 'settings'),
  );
  const startedAt = performance.now();
  await buildFunctions({ architecture });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `Functions of ${stage} built for ${architecture} in ${seconds} s (npm run build shows their sizes)`,
  );
  const { status } = spawnSync(process.execPath, [cdk, ...given], {
    cwd: root,
    stdio: 'inherit',
    env: { CDK_DISABLE_CLI_TELEMETRY: 'true', ...process.env },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(isMillraceError(error) ? `${error.name}: ${error.message}` : String(error));
  process.exitCode = 1;
}
