import { describe, expect, test } from 'vitest';
import { isKnownContent } from '../../../lambdas/close-batch/known-content.ts';
import { runSources } from '../../../lambdas/run-sources.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';

const trigger = { kind: 'new-data', by: 'drop', why: 'files arrived' } as const;

/** A registry in which batches of files come in; each file's content is named by a word. */
const house = async (changes: object = {}) => {
  const { registry, clock } = freshRegistry();
  const spec = ModelSpec.parse({ name: 'lamps', task: 'binary', target: 'broken', ...changes });
  await registry.applySpec({ spec, by: 'Ada' });
  const drop = async (batchId: string, contents: Readonly<Record<string, string | undefined>>) => {
    const files = Object.entries(contents).map(([name, sha256]) => ({
      key: `incoming/lamps/${name}`,
      etag: `${batchId} ${sha256}`,
      sizeBytes: 1,
      sha256,
    }));
    for (const { key, etag, sizeBytes } of files)
      await registry.noteArrival({ model: 'lamps', key, etag, sizeBytes });
    await registry.closeBatch('lamps', batchId, files);
    await registry.startRun({ runId: `run-${batchId}`, model: 'lamps', batchId, specRevision: 1, trigger });
    await clock.advance(1000);
  };
  const accept = (batchId: string) => registry.noteRun(`run-${batchId}`, { datasetVersion: `of ${batchId}` });
  const sourcesOf = async (batchId: string) =>
    (await runSources(spec, `run-${batchId}`, registry)).map(({ sha256, isNew }) =>
      isNew ? `${sha256} (new)` : sha256,
    );
  return { registry, drop, accept, sourcesOf };
};

describe('the files a run trains on', () => {
  test('are those of its batch after those of the accepted batches before, each content once', async () => {
    const { drop, accept, sourcesOf } = await house();
    await drop('1', { 'a.csv': 'apples', 'b.csv': 'pears' });
    await accept('1');
    await drop('2', { 'c.csv': 'spoiled' });
    await drop('3', { 'd.csv': 'plums', 'b.csv': 'pears' });

    expect(await sourcesOf('3')).toEqual(['apples', 'pears (new)', 'plums (new)']);
  });

  test('do not reach behind the window', async () => {
    const { drop, accept, sourcesOf } = await house({ dataWindow: { batches: 2 } });
    for (const [batchId, content] of Object.entries({ 1: 'apples', 2: 'pears', 3: 'plums' })) {
      await drop(batchId, { 'a.csv': content });
      await accept(batchId);
    }

    expect(await sourcesOf('3')).toEqual(['pears', 'plums (new)']);
  });

  test('leave out marks, models, side-cars and what was taken away before it was read', async () => {
    const { drop, sourcesOf } = await house();

    await drop('1', {
      'a.csv': 'apples',
      'gone.csv': undefined,
      'model.onnx': 'model',
      'signature.json': 'side-car',
      'a._SUCCESS': undefined,
    });

    expect(await sourcesOf('1')).toEqual(['apples (new)']);
  });

  test('a model dropped alone takes no place in the window from data', async () => {
    const { drop, accept, sourcesOf } = await house({ dataWindow: { batches: 1 } });
    await drop('1', { 'a.csv': 'apples' });
    await accept('1');
    await drop('2', { 'model.onnx': 'model' });
    await accept('2');
    await drop('3', { 'model.onnx': 'better model' });

    expect(await sourcesOf('3')).toEqual(['apples']);
  });

  test('are known by the names they were dropped under', async () => {
    const { registry, drop } = await house();
    await drop('1', { 'week 1/a.csv.gz': 'apples' });
    const { spec } = await registry.getSpec('lamps');

    expect(await runSources(spec, 'run-1', registry)).toEqual([
      {
        key: 'sources/lamps/apples.csv.gz',
        droppedAs: 'incoming/lamps/week 1/a.csv.gz',
        batchId: '1',
        sha256: 'apples',
        sizeBytes: 1,
        format: 'csv',
        isNew: true,
      },
    ]);
  });

  test('leave out a batch in quarantine, its own run included, until a person accepts it', async () => {
    const { registry, drop, accept, sourcesOf } = await house();
    for (const [batchId, content] of Object.entries({ 1: 'apples', 2: 'spoiled', 3: 'pears' })) {
      await drop(batchId, { 'a.csv': content });
      if (batchId === '1') await accept(batchId);
    }
    await registry.recordBatchJudgement({
      model: 'lamps',
      batchId: '2',
      kind: 'dropped',
      state: 'quarantined',
      rows: 9,
      gate: [],
      runId: 'run-2',
    });

    expect(await sourcesOf('2')).toEqual(['apples']);
    expect(await sourcesOf('3')).toEqual(['apples', 'pears (new)']);

    await registry.acceptBatch({ model: 'lamps', batchId: '2', by: 'Ada', why: 'they are fine' });
    expect(await sourcesOf('3')).toEqual(['apples', 'spoiled', 'pears (new)']);
  });

  test('of a format nobody reads are refused by name', async () => {
    const { drop, sourcesOf } = await house();
    await drop('1', { 'a.xlsx': 'apples' });

    await expect(sourcesOf('1')).rejects.toMatchObject({
      name: 'DATA_FORMAT_UNKNOWN',
      message: expect.stringContaining('incoming/lamps/a.xlsx'),
    });
  });
});

describe('whether a batch brings anything new', () => {
  const files = [{ sha256: 'apples' }];

  test('content of an accepted batch under the same model.json is known', async () => {
    const { registry, drop, accept } = await house();
    await drop('1', { 'a.csv': 'apples' });
    await accept('1');

    expect(await isKnownContent('lamps', '2', files, registry)).toBe(true);
    expect(await isKnownContent('lamps', '2', [...files, { sha256: 'pears' }], registry)).toBe(false);
  });

  test('content of a refused batch may be tried again', async () => {
    const { registry, drop } = await house();
    await drop('1', { 'a.csv': 'apples' });
    await registry.finishRun({ runId: 'run-1', status: 'refused', outcome: 'too many bad rows' });

    expect(await isKnownContent('lamps', '2', files, registry)).toBe(false);
  });

  test('content of an accepted batch may be tried again when its run failed later', async () => {
    const { registry, drop, accept } = await house();
    await drop('1', { 'a.csv': 'apples' });
    await accept('1');
    await registry.finishRun({ runId: 'run-1', status: 'failed', outcome: 'TRAINING_FAILED' });

    expect(await isKnownContent('lamps', '2', files, registry)).toBe(false);
  });

  test('known content under a changed model.json is new', async () => {
    const { registry, drop, accept } = await house();
    await drop('1', { 'a.csv': 'apples' });
    await accept('1');
    const { spec } = await registry.getSpec('lamps');

    await registry.applySpec({ spec: { ...spec, description: 'changed' }, by: 'Ada' });

    expect(await isKnownContent('lamps', '2', files, registry)).toBe(false);
  });

  test('the batch of a run under way, asked again after a crash, goes on', async () => {
    const { registry, drop, accept } = await house();
    await drop('1', { 'a.csv': 'apples' });
    await accept('1');

    expect(await isKnownContent('lamps', '1', files, registry)).toBe(false);
  });
});
