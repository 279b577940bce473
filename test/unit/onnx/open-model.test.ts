import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openModel } from '../../../lib/adapters/onnx-runtime/open-model.ts';
import type { ColumnTable } from '../../../lib/domain/dataset/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';
import type { Signature } from '../../../lib/domain/signature/index.ts';

/** Probabilities that are the columns themselves: easy to foresee. */
const echo = (names: readonly string[]): Uint8Array => {
  const graph = new OnnxGraph();
  const inputs = names.map((name) => graph.input(name, 'float64', ['N', 1]));
  graph.node('Concat', inputs, { outputs: ['probabilities'], attributes: { axis: { int: 1 } } });
  graph.output('probabilities', 'float64', ['N', names.length]);
  return encodeOnnxModel(graph);
};

const signatureOf = (names: readonly string[], more: Partial<Signature> = {}): Signature => ({
  schemaVersion: 1,
  task: 'multiclass',
  target: 'y',
  columns: names.map((name) => ({ name, kind: 'number', isNullable: false })),
  inputs: names.map((name) => ({ tensor: name, type: 'float64', columns: [name], rank: 2 })),
  outputs: { probabilities: 'probabilities' },
  classes: names,
  ...more,
});

const tableOf = (columns: Record<string, readonly number[]>): ColumnTable => ({
  rows: Object.values(columns)[0]?.length ?? 0,
  columns: new Map(
    Object.entries(columns).map(([name, values]) => [
      name,
      { kind: 'number', values: Float64Array.from(values) },
    ]),
  ),
});

describe('an open model', () => {
  test('answers probabilities and labels in the order of the rows, over many batches', async () => {
    const rows = 20_001;
    const a = Array.from({ length: rows }, (_, row) => row / rows);
    const table = tableOf({ a, b: a.map((x) => 1 - x), c: a.map(() => 0) });

    const model = await openModel(echo(['a', 'b', 'c']), signatureOf(['a', 'b', 'c']));
    const predictions = await model.run(table);
    await model.release();

    expect(predictions.kind).toBe('classes');
    if (predictions.kind !== 'classes') return;
    expect(predictions.probabilities).toHaveLength(rows * 3);
    const wrong = a.findIndex((x, row) => {
      const isWrongNumber = predictions.probabilities[row * 3] !== x;
      return isWrongNumber || predictions.labels[row] !== (x >= 1 - x ? 0 : 1);
    });
    expect(wrong).toBe(-1);
  });

  test('opens from a file', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'millrace-open-'));
    try {
      const file = path.join(folder, 'model.onnx');
      await writeFile(file, echo(['a', 'b']));

      const model = await openModel(file, signatureOf(['a', 'b']));

      expect(await model.run(tableOf({ a: [0.9], b: [0.1] }))).toMatchObject({ labels: Int32Array.of(0) });
      await model.release();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('answers nothing for no rows', async () => {
    const model = await openModel(echo(['a', 'b']), signatureOf(['a', 'b']));

    expect(await model.run(tableOf({ a: [], b: [] }))).toMatchObject({ labels: new Int32Array() });
    await model.release();
  });

  test('brings the probabilities of a model with its own order into the order of the classes', async () => {
    const signature = signatureOf(['a', 'b', 'c'], {
      classes: ['x', 'y', 'z'],
      probabilityColumns: [2, 0, 1],
    });

    const model = await openModel(echo(['a', 'b', 'c']), signature);

    expect(await model.run(tableOf({ a: [0.1, 0], b: [0.2, 0], c: [0.7, 1] }))).toEqual({
      kind: 'classes',
      probabilities: Float64Array.of(0.7, 0.1, 0.2, 1, 0, 0),
      labels: Int32Array.of(0, 0),
    });
    await model.release();
  });

  test('completes a single probability, that of the positive class', async () => {
    const binary = { task: 'binary', classes: ['no', 'yes'], threshold: 0.25 } as const;
    const table = tableOf({ a: [0.25, 0.125] });

    const second = await openModel(echo(['a']), signatureOf(['a'], { ...binary, positiveClass: 'yes' }));
    const first = await openModel(echo(['a']), signatureOf(['a'], { ...binary, positiveClass: 'no' }));

    expect(await second.run(table)).toEqual({
      kind: 'classes',
      probabilities: Float64Array.of(0.75, 0.25, 0.875, 0.125),
      labels: Int32Array.of(1, 0),
    });
    expect(await first.run(table)).toMatchObject({
      probabilities: Float64Array.of(0.25, 0.75, 0.125, 0.875),
      labels: Int32Array.of(0, 1),
    });
    await Promise.all([first.release(), second.release()]);
  });

  test('says that a file cannot be loaded, and not where it lies', async () => {
    const missing = path.join(os.tmpdir(), 'no-such-folder', 'model.onnx');

    await expect(openModel(missing, signatureOf(['a']))).rejects.toMatchObject({
      name: 'MODEL_FILE_INVALID',
      message: expect.not.stringContaining('no-such-folder'),
    });
    await expect(openModel(Uint8Array.of(1, 2, 3), signatureOf(['a']))).rejects.toMatchObject({
      name: 'MODEL_FILE_INVALID',
    });
  });

  test('says that the model fails, when its inputs are not those of the signature', async () => {
    const signature = signatureOf(['a', 'b'], {
      inputs: [{ tensor: 'a', type: 'float64', columns: ['a'], rank: 2 }],
    });

    const model = await openModel(echo(['a', 'b']), signature);

    await expect(model.run(tableOf({ a: [1], b: [1] }))).rejects.toMatchObject({ name: 'MODEL_RUN_FAILED' });
    await model.release();
  });

  test('refuses a signature that names an output the model has not', async () => {
    const signature = signatureOf(['a', 'b'], { outputs: { probabilities: 'elsewhere' } });

    await expect(openModel(echo(['a', 'b']), signature)).rejects.toThrow(
      'the model has no output "elsewhere"',
    );
  });
});
