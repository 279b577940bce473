import { describe, expect, it } from 'vitest';
import { missingToRepeat } from '../../../lib/domain/registry/index.ts';
import { freshRegistry, secondRegistry } from './support/fresh-registry.ts';
import { penguinSpec, sha256Of } from './support/stories.ts';

const trigger = { kind: 'new-data', by: 'drop zone', why: 'batch-1 is complete' } as const;

describe('a spec', () => {
  it('applied again with the same content is no new revision and says so', async () => {
    const { registry } = freshRegistry();
    await registry.applySpec({ spec: penguinSpec(), by: 'Ada' });

    const again = await registry.applySpec({ spec: penguinSpec({ split: {} }), by: 'Bob' });

    expect(again).toMatchObject({ change: 'unchanged', specRevision: { revision: 1, by: 'Ada' } });
    expect(await registry.listSpecs('penguins')).toHaveLength(1);
    expect(await registry.listAudit()).toHaveLength(1);
  });

  it('changed comes into force, and the one before is kept', async () => {
    const { registry } = freshRegistry();
    await registry.applySpec({ spec: penguinSpec(), by: 'Ada' });

    const changed = await registry.applySpec({
      spec: penguinSpec({ gates: { minAccuracy: 0.9 } }),
      by: 'Ada',
    });

    expect(changed).toMatchObject({ change: 'changed', specRevision: { revision: 2 } });
    expect((await registry.getSpec('penguins')).spec.gates.minAccuracy).toBe(0.9);
    expect((await registry.getSpec('penguins', 1)).spec).toEqual(penguinSpec());
  });

  it('changed back is a third revision', async () => {
    const { registry } = freshRegistry();
    for (const gates of [{}, { minAccuracy: 0.9 }, {}])
      await registry.applySpec({ spec: penguinSpec({ gates }), by: 'Ada' });

    expect((await registry.getSpec('penguins')).revision).toBe(3);
  });

  it('applied by two people at once is two revisions', async () => {
    const first = freshRegistry();
    const second = secondRegistry(first);

    await Promise.all([
      first.registry.applySpec({ spec: penguinSpec({ gates: { minAccuracy: 0.8 } }), by: 'Ada' }),
      second.applySpec({ spec: penguinSpec({ gates: { minAccuracy: 0.9 } }), by: 'Bob' }),
    ]);

    const revisions = await first.registry.listSpecs('penguins');
    expect(revisions.map(({ revision }) => revision)).toEqual([2, 1]);
    expect(new Set(revisions.map(({ by }) => by))).toEqual(new Set(['Ada', 'Bob']));
  });

  it('makes its model known', async () => {
    const { registry } = freshRegistry();
    await expect(registry.getModel('penguins')).rejects.toMatchObject({
      name: 'MODEL_UNKNOWN',
      message: expect.stringContaining('dropping a model.json'),
    });

    await registry.applySpec({ spec: penguinSpec(), by: 'Ada' });

    expect(await registry.listModels()).toMatchObject([{ model: 'penguins', specRevision: 1 }]);
  });
});

describe('a dataset version', () => {
  const rows = { read: 10, kept: 9, quarantined: 1, train: 7, validation: 1, test: 1 };
  const dataset = {
    model: 'penguins',
    datasetVersion: sha256Of('manifest'),
    manifestKey: 'datasets/penguins/1/manifest.json',
    sources: [{ key: 'incoming/penguins/a.csv', sha256: sha256Of('a') }],
    rows,
  };

  it('is kept once: the same content again is not new', async () => {
    const { registry, clock } = freshRegistry();
    const first = await registry.recordDataset(dataset);
    await clock.advance(1000);

    const again = await registry.recordDataset(dataset);

    expect([first.isNew, again.isNew]).toEqual([true, false]);
    expect(again.dataset).toEqual(first.dataset);
    expect(await registry.listDatasets('penguins')).toEqual([first.dataset]);
  });

  it('is listed newest first', async () => {
    const { registry, clock } = freshRegistry();
    for (const name of ['older', 'newer']) {
      await registry.recordDataset({ ...dataset, datasetVersion: sha256Of(name) });
      await clock.advance(1000);
    }

    const [newest] = await registry.listDatasets('penguins', { limit: 1 });

    expect(newest?.datasetVersion).toBe(sha256Of('newer'));
  });
});

describe('a run', () => {
  const start = { runId: 'run-1', model: 'penguins', trigger };

  it('gathers all it takes to repeat it', async () => {
    const { registry, clock } = freshRegistry();
    await registry.startRun(start);
    expect(missingToRepeat(await registry.getRun('run-1'))).toContain('seed');

    await registry.noteRun('run-1', { specRevision: 1, datasetVersion: sha256Of('manifest'), seed: 7 });
    await registry.noteRunStep('run-1', 'preprocess', 1200);
    await registry.noteRun('run-1', { codeVersion: '0.1.0', artifactSha256: sha256Of('model') });
    await clock.advance(5000);
    const run = await registry.finishRun({
      runId: 'run-1',
      status: 'succeeded',
      outcome: 'version 1 serves',
    });

    expect(missingToRepeat(run)).toEqual([]);
    expect(run).toMatchObject({
      seed: 7,
      durationsMs: { preprocess: 1200 },
      finishedAt: '2026-01-05T09:00:05.000Z',
    });
    expect(await registry.getRun('run-1')).toEqual(run);
  });

  it('keeps facts that two steps note at once', async () => {
    const { registry } = freshRegistry();
    await registry.startRun(start);

    await Promise.all([
      registry.noteRun('run-1', { metrics: { auc: 0.9 } }),
      registry.noteRunStep('run-1', 'train', 900),
      registry.noteRun('run-1', { seed: 7 }),
    ]);

    expect(await registry.getRun('run-1')).toMatchObject({
      metrics: { auc: 0.9 },
      durationsMs: { train: 900 },
      seed: 7,
    });
  });

  it('that failed says with which error, and keeps the facts it had', async () => {
    const { registry } = freshRegistry();
    await registry.startRun({ ...start, seed: 7 });

    const run = await registry.finishRun({
      runId: 'run-1',
      status: 'failed',
      outcome: 'the disk is full',
      errorCode: 'STORAGE_FULL',
      seed: undefined,
    });

    expect(run).toMatchObject({ status: 'failed', errorCode: 'STORAGE_FULL', seed: 7 });
    expect(await registry.getRun('run-1')).toEqual(run);
  });

  it('ends once: the first end stands', async () => {
    const { registry } = freshRegistry();
    await registry.startRun(start);
    await registry.finishRun({ runId: 'run-1', status: 'refused', outcome: '12 % of the rows are bad' });

    const again = await registry.finishRun({
      runId: 'run-1',
      status: 'failed',
      outcome: 'time-out',
      errorCode: 'RECORD_CONFLICT',
    });

    expect(again).toMatchObject({ status: 'refused', outcome: '12 % of the rows are bad' });
    expect(again.errorCode).toBeUndefined();
  });

  it('started again is the run as it stands', async () => {
    const { registry } = freshRegistry();
    await registry.startRun(start);
    await registry.noteRun('run-1', { seed: 7 });

    expect(await registry.startRun(start)).toMatchObject({ seed: 7 });
    expect(await registry.listRuns('penguins')).toHaveLength(1);
  });

  it('refuses a metric that is not a number, by its path', async () => {
    const { registry } = freshRegistry();
    await registry.startRun(start);

    await expect(registry.noteRun('run-1', { metrics: { auc: Number.NaN } })).rejects.toMatchObject({
      name: 'RECORD_INVALID',
      message: expect.stringContaining('body.metrics.auc'),
    });
    expect((await registry.getRun('run-1')).metrics).toBeUndefined();
  });

  it('nobody started is unknown', async () => {
    const { registry } = freshRegistry();

    await expect(registry.getRun('run-9')).rejects.toMatchObject({ name: 'RUN_UNKNOWN' });
  });
});

describe('the audit', () => {
  it('is read newest first, of one model or of all', async () => {
    const { registry, clock } = freshRegistry();
    for (const model of ['penguins', 'flights', 'penguins']) {
      await registry.noteAudit({
        model,
        action: 'retrain-refused',
        by: 'millrace',
        why: 'cool-down lasts 3 h more',
      });
      await clock.advance(1000);
    }

    const ofAll = await registry.listAudit();
    const ofOne = await registry.listAudit({ model: 'penguins' });
    const newest = await registry.listAudit({ limit: 1 });

    expect(ofAll.map(({ model }) => model)).toEqual(['penguins', 'flights', 'penguins']);
    expect(ofAll.map(({ at }) => at)).toEqual(
      ofAll
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(ofOne).toHaveLength(2);
    expect(newest).toEqual(ofAll.slice(0, 1));
  });
});
