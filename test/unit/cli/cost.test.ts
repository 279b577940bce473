import { describe, expect, it } from 'vitest';
import { keyboard } from './keyboard.ts';

describe('millrace cost', () => {
  it('prices a stage without a settings file by every default, and says so', async () => {
    const { out, exitCode } = await keyboard().type('cost');

    expect(exitCode).toBe(0);
    expect(out).toContain('Stage dev (every default: there is no settings/dev.json), 1 model');
    expect(out).toMatch(/^Asleep: \$0\.\d\d at list price/m);
    expect(out).toContain('Prices of us-east-1, compared 2026-');
  });

  it('reads the settings of the stage named', async () => {
    const typed = keyboard();
    typed.files.set('settings/prod.json', '{"stage": "prod", "customerManagedKey": true}');

    const { out } = await typed.type('cost', '--stage', 'prod', '--json');

    const { stage, asleep } = JSON.parse(out);
    expect(stage).toBe('prod');
    expect(asleep.lines).toContainEqual(
      expect.objectContaining({ what: 'customer-managed key', usd: 1, usdAfterFree: 1 }),
    );
  });

  it('takes the name of the stage from the name of its file, where the file gives none', async () => {
    const typed = keyboard();
    typed.files.set('settings/prod.json', '{"dashboard": true}');

    const { out } = await typed.type('cost', '--stage', 'prod', '--json');

    expect(JSON.parse(out)).toMatchObject({ stage: 'prod', settings: { stage: 'prod', dashboard: true } });
  });

  it('names the prices that are in doubt, and the pages that have the last word', async () => {
    const { out } = await keyboard().type('cost');

    expect(out).toMatch(/^In doubt:\n( {2}.*\n)*? {2}event of S3 through EventBridge: some sources/m);
    expect(out).toContain('  https://aws.amazon.com/firehose/pricing/\n');
  });

  it('grows with the predictions asked for', async () => {
    const usdOf = async (predictions: string) => {
      const { out } = await keyboard().type('cost', '--json', '--predictions-per-day', predictions);
      return JSON.parse(out).atWork.usd;
    };

    expect(await usdOf('1000000')).toBeGreaterThan((await usdOf('1000')) * 10);
  });

  it('refuses settings that do not fit, and numbers that are none', async () => {
    const typed = keyboard();
    typed.files.set('settings/dev.json', '{"logRetentionDays": 2}');

    expect(await typed.type('cost')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('settings/dev.json does not fit: logRetentionDays'),
    });
    typed.files.set('settings/dev.json', '{ "stage": "dev", }');
    expect(await typed.type('cost')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('settings/dev.json is not JSON: line 1, column 19'),
    });
    typed.files.set('settings/dev.json', '{ "stage": "prod" }');
    expect(await typed.type('cost')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('expected "dev", as the file is named, not "prod"'),
    });
    expect(await typed.type('cost', '--instance', 'ml.p9')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('expected one of ml.m5.large'),
    });
    expect(await typed.type('cost', '--models', 'many')).toMatchObject({ exitCode: 2 });
    expect(await typed.type('cost', '--models', '1.5')).toMatchObject({ exitCode: 2 });
  });
});

describe('--stage', () => {
  it('contradicts a home that is typed too', async () => {
    expect(await keyboard().type('status', '--home', 'x', '--stage', 'dev')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('both --home and --stage'),
    });
  });

  it('has commands work on the stage, also when MILLRACE_STAGE names it, until a home is typed', async () => {
    const places: unknown[] = [];
    const typed = keyboard({ env: { MILLRACE_STAGE: 'prod' } });
    const watching = keyboard({
      env: { MILLRACE_STAGE: 'prod' },
      openDesk: async (place) => {
        places.push(place);
        return {
          registry: typed.registry,
          objects: undefined as never,
          inbox: () => [],
          approvalSecret: () => '',
          close: () => undefined,
        };
      },
    });

    await watching.type('models');
    await watching.type('models', '--home', 'here');
    await watching.type('models', '--stage', 'dev', '--region', 'eu-central-1');

    expect(places).toEqual([
      { kind: 'stage', stage: 'prod' },
      { kind: 'home', home: 'here' },
      { kind: 'stage', stage: 'dev', region: 'eu-central-1' },
    ]);
  });

  it('is refused where a command runs on this machine, and where it names no stage', async () => {
    expect(await keyboard().type('start', '--stage', 'dev')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('works on this machine'),
    });
    expect(await keyboard().type('models', '--stage', 'My Stage')).toMatchObject({ exitCode: 2 });
  });
});
