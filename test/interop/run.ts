/** Prepares the outside parties and compares our code with them: `npm run test:interop`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { prepareChromium } from './parties/chromium.ts';
import { prepareDynamodbLocal } from './parties/dynamodb-local.ts';
import { prepareMinistack } from './parties/ministack.ts';
import { prepareMonitors } from './parties/monitors.ts';
import { type Party, partyVariables } from './parties/party.ts';
import { preparePython } from './parties/python.ts';

const root = path.resolve(import.meta.dirname, '../..');
const workFolder = path.join(root, '.interop');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');

const describe = (party: Party): string =>
  party.isReady
    ? `  ✓ ${party.versions}`
    : `  ↓ ${party.name} is SKIPPED with all its tests: ${party.because}`;

mkdirSync(workFolder, { recursive: true });
const parties = {
  python: preparePython(path.join(workFolder, 'python')),
  monitors: prepareMonitors(path.join(workFolder, 'monitors')),
  chromium: prepareChromium(),
  dynamodbLocal: prepareDynamodbLocal(path.join(workFolder, 'dynamodb-local')),
  ministack: prepareMinistack(path.join(workFolder, 'ministack')),
};
console.log(`Outside parties\n${Object.values(parties).map(describe).join('\n')}\n`);

const found = Object.entries(parties).flatMap(([key, party]) =>
  party.isReady ? [[partyVariables[key as keyof typeof parties], party.program]] : [],
);
const words = [
  'run',
  '--config',
  path.join(import.meta.dirname, 'vitest.config.ts'),
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, [vitest, ...words], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...Object.fromEntries(found) },
});
process.exitCode = status ?? 1;
