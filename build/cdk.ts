import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { settingsOf } from '../lib/stacks/settings-file.ts';
import { isMillraceError } from '../lib/wire/errors.ts';
import { buildFunctions, root } from './build-functions.ts';
import { contextIn, requireKnownKeys, signInHint } from './cdk-context.ts';

// npm run deploy -- -c stage=prod: the functions of that stage are built, then `cdk deploy -c stage=prod` runs.

const cdk = path.join(
  path.dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')),
  'bin/cdk',
);

try {
  const given = process.argv.slice(2);
  const context = contextIn(given);
  requireKnownKeys(context);
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
  const hint = status === 0 ? undefined : signInHint(given[0], process.env);
  if (hint !== undefined) console.error(`\n${hint}`);
} catch (error) {
  console.error(isMillraceError(error) ? `${error.name}: ${error.message}` : String(error));
  process.exitCode = 1;
}
