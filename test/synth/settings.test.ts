import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, it } from 'vitest';
import { builtBundles } from '../../lib/stacks/built-bundles.ts';
import { settingsOf } from '../../lib/stacks/settings-file.ts';
import { readSettings } from '../../lib/wire/settings.ts';
import { appOf } from './synthesise.ts';

const root = path.resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'millrace-settings-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(path.join(scratch, 'settings-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
};

/** The settings that `cdk … -c key=value` would deploy. */
const given = (context: Record<string, string>, files: Readonly<Record<string, string>>) =>
  settingsOf(new App({ context, analyticsReporting: false }).node, folderWith(files));

describe('the settings of a stage', () => {
  it('come from the file of the stage that is named, dev when none is', () => {
    const files = { 'dev.json': '{"logRetentionDays": 7}', 'prod.json': '{"logRetentionDays": 365}' };

    expect(given({}, files)).toMatchObject({ stage: 'dev', logRetentionDays: 7 });
    expect(given({ stage: 'prod' }, files)).toMatchObject({ stage: 'prod', logRetentionDays: 365 });
  });

  it('may be overridden one by one, numbers and objects as JSON', () => {
    const context = {
      account: '012345678901',
      region: 'eu-central-1',
      dashboard: 'true',
      monitorEveryHours: '6',
      frontDoor: '{"kind":"function-url"}',
    };

    expect(given(context, { 'dev.json': '{"region": "us-east-1"}' })).toMatchObject({
      account: '012345678901',
      region: 'eu-central-1',
      dashboard: true,
      monitorEveryHours: 6,
      frontDoor: { kind: 'function-url' },
    });
  });

  it.each(readdirSync(path.join(root, 'settings')).filter((name) => name.endsWith('.json')))(
    'in %s are right',
    (name) => {
      const stage = name.replace('.json', '');
      const node = new App({ context: { stage }, analyticsReporting: false }).node;

      expect(settingsOf(node, path.join(root, 'settings')).stage).toBe(stage);
    },
  );
});

describe('wrong settings', () => {
  type Files = Readonly<Record<string, string>>;
  it.each<[Record<string, string>, Files, string, string]>([
    [
      {},
      { 'dev.json': '{"logRetentionDays": 8}' },
      'settings/dev.json does not fit: logRetentionDays:',
      ', not 8',
    ],
    [{}, { 'dev.json': '{"retention": 8}' }, 'settings/dev.json does not fit:', '"retention"'],
    [
      {},
      { 'dev.json': '{"region": ' },
      'settings/dev.json is not JSON: line 1, column 12: expected a value',
      '',
    ],
    [{}, { 'dev.json': '[]' }, 'settings/dev.json does not fit: expected an object', ''],
    [
      { stage: 'qa' },
      { 'dev.json': '{}' },
      'there is no settings/qa.json, expected a stage with a file: dev',
      '',
    ],
    [{ stage: '../x' }, {}, '-c stage does not fit: stage: expected 1 to 16 lower-case letters', '"../x"'],
    [{}, { 'dev.json': '{"stage": "prod"}' }, 'stage: expected "dev", as the file is named, not "prod"', ''],
    [{ region: 'nowhere' }, { 'dev.json': '{}' }, 'region: expected an AWS region', 'not "nowhere"'],
    [{ dashboard: 'maybe' }, { 'dev.json': '{}' }, 'dashboard:', 'not "maybe"'],
  ])('%j with %j are named with the key and what was expected', (context, files, ...parts) => {
    for (const part of [...parts, 'docs/deploy.md lists what each means. Nothing was deployed'])
      expect(() => given(context, files)).toThrow(
        expect.objectContaining({ name: 'SETTINGS_INVALID', message: expect.stringContaining(part) }),
      );
  });

  it('stop `cdk synth` before anything is synthesised, in one line', () => {
    const env = {
      ...process.env,
      CDK_CONTEXT_JSON: '{"region":"nowhere"}',
      CDK_OUTDIR: path.join(scratch, 'out'),
    };
    const run = () =>
      execFileSync(process.execPath, ['bin/app.ts'], { cwd: root, env, stdio: 'pipe', encoding: 'utf8' });

    expect(run).toThrow(
      expect.objectContaining({
        status: 1,
        stderr: expect.stringMatching(/^SETTINGS_INVALID: [^\n]*region[^\n]*\n$/),
      }),
    );
    expect(readdirSync(path.join(scratch, 'out')).filter((name) => name.includes('template'))).toEqual([]);
  });
});

describe('code that was not built', () => {
  const arm = readSettings({ architecture: 'arm64' });

  it('is asked for by the command that builds it', () => {
    expect(() => builtBundles(path.join(scratch, 'nothing'), arm)).toThrow(
      expect.objectContaining({
        name: 'BUNDLES_MISSING',
        message: expect.stringContaining('run `npm run build`'),
      }),
    );
  });

  it('for another architecture is refused: its native libraries would fail at the first call', () => {
    const folder = folderWith({ 'manifest.json': '{"architecture":"x86_64"}' });

    expect(() => builtBundles(folder, arm)).toThrow(
      'is built for x86_64, expected arm64, as the settings of dev say',
    );
    expect(builtBundles(folder, readSettings({ architecture: 'x86_64' }))).toBe(folder);
  });
});

describe('account and region', () => {
  it('are those of the credentials when the settings name none: the template holds neither', () => {
    const { stack } = appOf({});

    expect(stack.environment).toBe('aws://unknown-account/unknown-region');
  });

  it('are those of the settings when they name them', () => {
    const { stack } = appOf({ account: '123456789012', region: 'eu-central-1' });

    expect(stack.environment).toBe('aws://123456789012/eu-central-1');
  });

  it('need no look-up, so no credentials', () => {
    const assembly = appOf({ account: '123456789012', region: 'eu-central-1' }).app.synth();

    expect(assembly.manifest.missing ?? []).toEqual([]);
  });
});

describe('deleting a stage by mistake', () => {
  it('is refused by CloudFormation where data is kept', () => {
    expect(appOf({ stage: 'prod' }).stack.terminationProtection).toBe(true);
    expect(appOf({ stage: 'dev' }).stack.terminationProtection).toBe(false);
    expect(appOf({ stage: 'dev', whenDestroyed: 'retain' }).stack.terminationProtection).toBe(true);
  });
});
