import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../../lib/cli/surroundings.ts';
import type { LeavingPlan } from '../../../lib/cloud/leaving/plan.ts';
import { keyboard } from './keyboard.ts';

const devPlan: LeavingPlan = {
  stage: 'dev',
  stackName: 'millrace-dev',
  stackId: 'arn',
  status: 'CREATE_COMPLETE',
  goes: [
    { type: 'AWS::S3::Bucket', name: 'data-bucket' },
    { type: 'AWS::IAM::Role', name: 'a-role' },
  ],
  stays: [],
  laneAlarms: ['millrace-dev-birds--drift'],
  secretParameter: '/millrace/dev/secret',
  keepsSecret: false,
  isProtected: false,
};

const leaving = (options: { readonly plan?: LeavingPlan; readonly answer?: string | undefined } = {}) => {
  const done: string[] = [];
  const overrides: Partial<Surroundings> = {
    ask: async () => options.answer,
    openLeaving: async () => ({
      plan: options.plan ?? devPlan,
      exportTo: async (folder) => {
        done.push(`export to ${folder}`);
        return { objects: 3, records: 9, registryFile: `${folder}/registry.jsonl` };
      },
      leave: async () => {
        done.push('leave');
      },
    }),
  };
  return { done, ...keyboard(overrides) };
};

describe('millrace destroy', () => {
  it('shows what goes, and destroys when the name of the stage is typed', async () => {
    const { type, done } = leaving({ answer: 'dev\n' });

    const { exitCode, err, out } = await type('destroy', '--stage', 'dev');

    expect(exitCode).toBe(0);
    expect(err).toContain('AWS::S3::Bucket, every object and version  data-bucket');
    expect(err).toContain('Nothing stays but the CDK bootstrap stack');
    expect(out).toBe('Stage dev is gone.\n');
    expect(done).toEqual(['leave']);
  });

  it.each([
    ['another name is typed', 'prod', '"prod" is not "dev": nothing was destroyed'],
    ['nobody is at the keyboard', undefined, 'expected --yes'],
  ])('destroys nothing when %s', async (_, answer, complaint) => {
    const { type, done } = leaving({ answer });

    expect(await type('destroy', '--stage', 'dev')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(complaint),
    });
    expect(done).toEqual([]);
  });

  it('exports first when asked', async () => {
    const { type, done } = leaving();

    const { out } = await type('destroy', '--stage', 'dev', '--yes', '--export', 'there', '--json');

    expect(done).toEqual(['export to there', 'leave']);
    expect(JSON.parse(out)).toMatchObject({ exported: { objects: 3, records: 9 } });
  });

  it('says what stays and the command that removes it', async () => {
    const stays = [{ type: 'AWS::DynamoDB::Table', name: 'the-table', removal: 'aws dynamodb delete-table' }];
    const { type } = leaving({ plan: { ...devPlan, stays, keepsSecret: true } });

    const { err, out } = await type('destroy', '--stage', 'prod', '--yes');

    expect(err).toMatch(
      /Stays, and is billed for what it holds:\n[\s\S]*the-table\s+aws dynamodb delete-table/,
    );
    expect(err).toContain('aws ssm delete-parameter --name /millrace/dev/secret');
    expect(err).not.toContain('Nothing stays');
    expect(out).toContain('what is listed above stays');
  });

  it('shows what would happen to a stack with termination protection, and leaves it alone', async () => {
    const { type, done } = leaving({ plan: { ...devPlan, isProtected: true } });

    expect(await type('destroy', '--stage', 'dev', '--yes')).toMatchObject({
      exitCode: 6,
      err: expect.stringMatching(/data-bucket[\s\S]*update-termination-protection/),
    });
    expect(done).toEqual([]);
  });

  it('wants a stage to be named: a home is deleted as a folder', async () => {
    expect(await keyboard().type('destroy')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('expected --stage'),
    });
  });
});
