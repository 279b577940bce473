import { describe, expect, it } from 'vitest';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteRecordStore } from '../../../lib/adapters/local/sqlite-record-store.ts';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { type SmokeStage, smokeTest } from '../../../lib/cloud/smoke/smoke-test.ts';
import { parseModelSpec } from '../../../lib/domain/model-spec/index.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { registry } from '../../../lib/registry/index.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';

const signature = {
  schemaVersion: 1,
  task: 'multiclass',
  target: 'Species',
  columns: [{ name: 'weight', kind: 'number', isNullable: false }],
  inputs: [{ tensor: 'numbers', type: 'float32', columns: ['weight'], rank: 2 }],
  outputs: { label: 'label', probabilities: 'probabilities' },
  classes: ['duck', 'hen'],
};

type Mishap =
  | 'nothing takes up the drop'
  | 'the run fails'
  | 'other answers'
  | 'no roll-out'
  | 'the endpoint is down';

/** A stage that trains while somebody waits: what the functions would do happens between two looks. */
const deployed = (mishap?: Mishap) => {
  let now = Date.parse('2026-11-21T12:00:00Z');
  let looks = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
      looks += 1;
      if (looks === 2) await train();
    },
  };
  const ids = systemIds({ clock });
  const records = registry({
    records: sqliteRecordStore({ database: openSqliteDatabase({ filePath: ':memory:' }) }),
    clock,
    ids,
  });
  const dropped: string[] = [];
  const forgotten: string[] = [];
  const usedKeys: string[] = [];
  const told: string[] = [];
  const modelOf = () => dropped[0]?.split('/')[1] ?? '';
  const train = async () => {
    if (mishap === 'nothing takes up the drop') return;
    const model = modelOf();
    const spec = parseModelSpec(JSON.stringify({ name: model, task: 'multiclass', target: 'Species' }));
    await records.applySpec({ spec, by: 'drop' });
    const trigger = { kind: 'new-data', by: 'drop', why: 'a batch' } as const;
    await records.startRun({ runId: 'run-1', model, trigger, specRevision: 1 });
    await records.noteRunStep('run-1', 'train', 1500);
    if (mishap === 'the run fails') {
      await records.finishRun({ runId: 'run-1', status: 'refused', outcome: 'no row had a Species' });
      return;
    }
    await records.registerVersion({
      model,
      runId: 'run-1',
      task: 'multiclass',
      trainer: 'linear',
      artifactSha256: 'a'.repeat(64),
      artifactKey: 'k',
      signatureKey: 's',
      files: {},
      metrics: {},
      specRevision: 1,
      codeVersion: '0.1.0',
      seed: 7,
    });
    await records.requestApproval({
      approvalId: 'approval-1',
      model,
      version: 1,
      runId: 'run-1',
      taskToken: 'token',
      timeoutHours: 72,
      summary: 'passed',
      evidence: {},
    });
  };
  const objects: ObjectStore = {
    putIfAbsent: async (key) => {
      dropped.push(key);
      return { created: true, head: { key, sizeBytes: 0, etag: '', modifiedAt: '' } };
    },
    get: async (key) =>
      new TextEncoder().encode(
        key.endsWith('golden.jsonl')
          ? '{"row":{"weight":1},"answer":[0.25,0.75]}\n'
          : JSON.stringify(signature),
      ),
    download: () => Promise.reject(new Error('nobody told this test about downloads')),
    head: () => Promise.reject(new Error('nobody told this test about heads')),
    list: () => Promise.reject(new Error('nobody told this test about listing')),
  };
  const stage: SmokeStage = {
    objects,
    registry: records,
    clock,
    ids,
    takesKeys: true,
    decide: async (decision) => {
      const approval = await records.decideApproval(decision);
      const { model, version } = approval;
      if (mishap !== 'no roll-out' && decision.decision === 'approved')
        await records.promote({ model, version, expectedRevision: 0, by: 'roll-out', why: 'approved' });
      return approval;
    },
    ask: async (_model, rows, apiKey) => {
      usedKeys.push(apiKey ?? 'none');
      if (mishap === 'the endpoint is down') throw new MillraceError('ENDPOINT_FAILED', 'it answered 502');
      return rows.map(() => ({
        probabilities: { hen: 0.75, duck: mishap === 'other answers' ? 0.26 : 0.25 },
      }));
    },
    forget: async (model) => {
      forgotten.push(model);
    },
  };
  const run = () =>
    smokeTest(stage, {
      spec: { name: 'penguins', task: 'multiclass', target: 'Species' },
      dataFile: '/data/penguins.json',
      by: 'the pipeline',
      tell: (text) => told.push(text),
    });
  return { run, records, dropped, forgotten, usedKeys, told, modelOf };
};

describe('the smoke test', () => {
  it('drops, approves, asks and compares, under a name of its own', async () => {
    const { run, dropped, told, modelOf } = deployed();

    const result = await run();

    expect(result).toMatchObject({ runId: 'run-1', version: 1, comparedRows: 1, largestDifference: 0 });
    expect(modelOf()).toMatch(/^smoke-[0-9a-z]{10}$/);
    expect(dropped.map((key) => key.split('/').at(-1))).toEqual(['model.json', 'penguins.json', '_SUCCESS']);
    expect(told).toContain('  train: 1.5 s');
  });

  it('asks with a key of an hour for its model alone, and revokes it', async () => {
    const { run, records, usedKeys, forgotten, modelOf } = deployed();

    await run();

    expect(usedKeys).toEqual([expect.stringMatching(/^mr_/)]);
    expect(await records.listApiKeys()).toEqual([
      expect.objectContaining({
        models: [modelOf()],
        scopes: ['predict'],
        expiresAt: expect.any(String),
        revokedWhy: 'the smoke test is over',
      }),
    ]);
    expect(forgotten).toEqual([modelOf()]);
  });

  it.each([
    [
      'nothing takes up the drop',
      /after 20 minutes no run has taken up what was dropped[\s\S]*receive-object/,
    ],
    ['the run fails', /the run run-1 ended as refused: no row had a Species/],
    ['no roll-out', /after 10 minutes version 1 does not serve/],
    ['the endpoint is down', /the endpoint has not answered: it answered 502/],
    ['other answers', /answers 0\.01\d* apart from the golden rows, expected at most 0\.000001/],
  ] as const)('says what is wrong when %s, and tidies up all the same', async (mishap, reason) => {
    const { run, records, forgotten, modelOf } = deployed(mishap);

    await expect(run()).rejects.toMatchObject({
      name: 'SMOKE_FAILED',
      message: expect.stringMatching(reason),
    });

    expect(forgotten).toEqual([modelOf()]);
    expect(await records.listPendingApprovals()).toEqual([]);
    for (const key of await records.listApiKeys()) expect(key.revokedAt).toBeDefined();
  });
});
