import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { phaseLog } from '../../../lambdas/cloud/phase-log.ts';
import { cloudScratch } from '../../../lambdas/cloud/scratch.ts';
import { cloudApprovalUrl, cloudDataEngine } from '../../../lambdas/cloud/services.ts';
import { step as requestApproval } from '../../../lambdas/request-approval/handler.ts';
import { tellingLosses } from '../../../lambdas/serve-predictions/predictions-app.ts';
import { verifyApprovalLink } from '../../../lib/domain/approval/index.ts';
import type { Notification } from '../../../lib/ports/notifier.ts';
import { runStep } from '../../../lib/wire/house.ts';
import { temporaryFolder } from '../../support/index.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';
import { penguinSpec, registered } from '../registry/support/stories.ts';

const ssm = mockClient(SSMClient);
afterEach(() => ssm.reset());

const secret = 'the secret of the stage, 256 bits of chance';
const environment = {
  MILLRACE_STAGE: 'dev',
  MILLRACE_SECRET_PARAMETER: '/millrace/dev/secret',
  MILLRACE_CONSOLE_URL: 'https://abc.execute-api.eu-central-1.amazonaws.com/',
};
const approval = { approvalId: 'run-1', expiresAt: '2026-01-08T09:00:00.000Z' };

/** Asks about a version and gives what people are told. */
const asked = async (approvalUrl: Awaited<ReturnType<typeof cloudApprovalUrl>>): Promise<Notification> => {
  const { registry } = freshRegistry();
  await registry.applySpec({ spec: penguinSpec(), by: 'drop', why: 'dropped' });
  await registry.startRun({
    runId: 'run-1',
    model: 'penguins',
    trigger: { kind: 'new-data', by: 'drop', why: 'week 1 arrived' },
    specRevision: 1,
  });
  const version = await registered(registry, 'run-1');
  const told: Notification[] = [];
  const workflow = {} as Parameters<typeof requestApproval.run>[1]['workflow'];
  await runStep(
    requestApproval,
    { model: 'penguins', runId: 'run-1', version, taskToken: 'token-1' },
    { registry, workflow, notifier: { notify: async (one) => void told.push(one) }, approvalUrl },
  );
  return told[0] as Notification;
};

describe('the question to a person', () => {
  it('carries a link to the stage’s page, signed with the stage’s secret', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: secret } });

    const { links, text } = await asked(await cloudApprovalUrl(environment));

    const url = new URL(links?.[0]?.url ?? '');
    const expires = Number(url.searchParams.get('expires'));
    const signature = url.searchParams.get('signature') ?? '';
    expect(`${url.origin}${url.pathname}`).toBe(
      'https://abc.execute-api.eu-central-1.amazonaws.com/approvals/run-1',
    );
    verifyApprovalLink({ link: { approvalId: 'run-1', expires, signature }, secret, now: 0 });
    expect(text).toContain('open the link, or run `npx millrace approve penguins');
    expect(text).not.toContain('token-1');
  });

  it('names the command where there is no page, and needs no secret for that', async () => {
    const { MILLRACE_CONSOLE_URL: _, ...withoutPage } = environment;

    const approvalUrl = await cloudApprovalUrl(withoutPage);
    const { links, text } = await asked(approvalUrl);

    expect(approvalUrl(approval)).toBeUndefined();
    expect(links).toBeUndefined();
    expect(text).toMatch(/: run `npx millrace approve penguins --reason "…"` \(or reject\)\.$/);
    expect(ssm.calls()).toHaveLength(0);
  });
});

describe('the data engine', () => {
  it('has the memory the stack gives it and a thread for each whole core', () => {
    const engine = (functionMb: string) =>
      cloudDataEngine({
        MILLRACE_DATA_ENGINE_MEMORY_MB: '1638',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: functionMb,
      });

    expect(engine('4096')).toEqual({ memoryLimitMb: 1638, threads: 2 });
    expect(engine('512').threads).toBe(1);
    expect(() => cloudDataEngine({ MILLRACE_DATA_ENGINE_MEMORY_MB: 'all' })).toThrow('whole megabytes');
  });
});

describe('scratch folders', () => {
  const roomFor = () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    return path.join(folder.path, 'millrace');
  };

  it('are gone when the work is done, and when it fails', async () => {
    const root = roomFor();
    const withScratchFolder = cloudScratch(root);

    const seen = await withScratchFolder(async (folder) => {
      writeFileSync(path.join(folder, 'rows.csv'), 'a');
      return existsSync(folder);
    });
    const failing = withScratchFolder(() => Promise.reject(new RangeError('no')));

    await expect(failing).rejects.toThrow('no');
    expect([seen, readdirSync(root)]).toEqual([true, []]);
  });

  it('of a process that died are swept at the next start', () => {
    const root = roomFor();
    mkdirSync(path.join(root, 'left-over'), { recursive: true });

    cloudScratch(root);

    expect(readdirSync(root)).toEqual([]);
  });

  it('say so when the disk is full', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

    await expect(cloudScratch(roomFor())(() => Promise.reject(full))).rejects.toMatchObject({
      name: 'STORAGE_FULL',
    });
  });
});

describe('the log', () => {
  it('has one line for each phase of a run, however often it moves on', () => {
    const lines: string[] = [];
    const onProgress = phaseLog((line) => lines.push(line));
    const about = { model: 'penguins', runId: 'run-1' };

    for (const phase of ['read', 'train'])
      for (let step = 0; step <= 10; step += 1) onProgress({ ...about, phase, fraction: step / 10 });

    expect(lines.map((line) => JSON.parse(line).phase)).toEqual(['read', 'train']);
  });

  it('counts answered rows that were not captured, each once', async () => {
    const told: number[] = [];
    let lost = 0;
    const capture = tellingLosses({ capture: () => {}, flush: async () => ({ written: 9, lost }) }, (rows) =>
      told.push(rows),
    );

    await capture.flush();
    lost = 3;
    await capture.flush();
    await capture.flush();
    lost = 5;
    await capture.flush();

    expect(told).toEqual([3, 2]);
  });
});
