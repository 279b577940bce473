import { describe, expect, test } from 'vitest';
import { runSources } from '../../../lambdas/run-sources.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';

const spec = ModelSpec.parse({ name: 'lamps', task: 'binary', target: 'broken', dataWindow: { batches: 3 } });

/** A model that took in its first batch; three more were kept. */
const house = async () => {
  const { registry, clock } = freshRegistry();
  await registry.applySpec({ spec, by: 'Ada' });
  for (const batchId of ['1', '2', '3', '4']) {
    const file = {
      key: `incoming/lamps/${batchId}.csv`,
      etag: batchId,
      sizeBytes: 1,
      sha256: `rows ${batchId}`,
    };
    await registry.noteArrival({ model: 'lamps', ...file });
    await registry.closeBatch('lamps', batchId, [file]);
    await clock.advance(1000);
  }
  const start = (runId: string, batchId: string, kind: 'new-data' | 'drift') =>
    registry.startRun({
      runId,
      model: 'lamps',
      batchId,
      specRevision: 1,
      trigger: { kind, by: 'story', why: 'the story says so' },
    });
  await start('run-1', '1', 'new-data');
  await registry.noteRun('run-1', { datasetVersion: 'd1' });
  await clock.advance(1000);
  return {
    start,
    accept: async (runId: string) => {
      await registry.noteRun(runId, { datasetVersion: `of ${runId}` });
      await clock.advance(1000);
    },
    sourcesOf: async (runId: string) => (await runSources(spec, runId, registry)).map(({ sha256 }) => sha256),
  };
};

describe('batches that were kept for a retraining', () => {
  test('are all trained on by it, as far as the window reaches', async () => {
    const { start, sourcesOf } = await house();
    await start('retrain', '4', 'drift');

    expect(await sourcesOf('retrain')).toEqual(['rows 2', 'rows 3', 'rows 4']);
  });

  test('stay in the window of the runs after it', async () => {
    const { start, accept, sourcesOf } = await house();
    await start('retrain', '3', 'drift');
    await accept('retrain');
    await start('run-4', '4', 'new-data');

    expect(await sourcesOf('run-4')).toEqual(['rows 2', 'rows 3', 'rows 4']);
  });

  test('do not join a run that new data started', async () => {
    const { start, sourcesOf } = await house();
    await start('run-4', '4', 'new-data');

    expect(await sourcesOf('run-4')).toEqual(['rows 1', 'rows 4']);
  });
});

describe('batches of labelled predictions', () => {
  /** Three dropped batches, with labelled ones between and after them. */
  const few = ['1', '2l', '3', '4l', '5', '6l', '7l'];
  const labelled = async (batches: number, batchIds: readonly string[] = few) => {
    const { registry, clock } = freshRegistry();
    const windowed = ModelSpec.parse({ ...spec, dataWindow: { batches } });
    await registry.applySpec({ spec: windowed, by: 'Ada' });
    for (const batchId of batchIds) {
      const folder = batchId.endsWith('l') ? 'from-labels/' : '';
      const file = {
        key: `incoming/lamps/${folder}${batchId}.jsonl.gz`,
        etag: batchId,
        sizeBytes: 1,
        sha256: `rows ${batchId}`,
      };
      await registry.noteArrival({ model: 'lamps', ...file });
      await registry.closeBatch('lamps', batchId, [file]);
      await clock.advance(1000);
    }
    const start = async (runId: string, batchId: string, kind: 'new-data' | 'quality') => {
      const trigger = { kind, by: 'story', why: 'the story says so' };
      await registry.startRun({ runId, model: 'lamps', batchId, specRevision: 1, trigger });
      await clock.advance(1000);
    };
    for (const batchId of ['1', '3', '5']) {
      await start(`run-${batchId}`, batchId, 'new-data');
      await registry.noteRun(`run-${batchId}`, { datasetVersion: `d${batchId}` });
    }
    const sourcesOf = async (runId: string) =>
      (await runSources(windowed, runId, registry)).map(({ sha256 }) => sha256.slice(5));
    const accept = (runId: string) => registry.noteRun(runId, { datasetVersion: `of ${runId}` });
    return { start, accept, sourcesOf };
  };

  test('are all part of a retraining since the oldest dropped batch of its window, and take no place in it', async () => {
    const wide = await labelled(3);
    await wide.start('retrain', '7l', 'quality');
    expect(await wide.sourcesOf('retrain')).toEqual(['1', '2l', '3', '4l', '5', '6l', '7l']);

    const narrow = await labelled(2);
    await narrow.start('retrain', '7l', 'quality');
    expect(await narrow.sourcesOf('retrain')).toEqual(['3', '4l', '5', '6l', '7l']);
  });

  test('do not join a run that new data started', async () => {
    const { sourcesOf } = await labelled(3);

    expect(await sourcesOf('run-5')).toEqual(['1', '3', '5']);
  });

  test('are all found, however many windows of an hour there were since', async () => {
    const hours = Array.from({ length: 600 }, (_, hour) => `6-${1000 + hour}l`);
    const { start, accept, sourcesOf } = await labelled(3, ['1', '2l', '3', '4l', '5', ...hours, '7']);
    await start('retrain', '5', 'quality');
    await accept('retrain');
    await start('run-7', '7', 'new-data');
    expect(await sourcesOf('run-7')).toEqual(['3', '4l', '5', '7']);

    await start('again', '7', 'quality');
    expect(await sourcesOf('again')).toEqual(['3', '4l', '5', ...hours, '7']);
  });
});
