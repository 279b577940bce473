import { describe, expect, test } from 'vitest';
import { openModel } from '../../../lib/adapters/onnx-runtime/open-model.ts';
import { type TrainingTables, trainOnTables } from '../../../lib/adapters/training/train-on-tables.ts';
import type { ColumnTable, Target } from '../../../lib/domain/dataset/index.ts';
import { ModelSpec, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';

const shops = ['north', 'south', 'west'];

/** Orders with a price, a shop and whether they were returned: dear ones from the south mostly are. */
const orders = (rows: number, seed: number): { table: ColumnTable; returned: Int32Array } => {
  const random = seededRandom(seed);
  const price = Float64Array.from({ length: rows }, () =>
    random.next() < 0.1 ? Number.NaN : random.next() * 100,
  );
  const shop = Array.from({ length: rows }, () => shops[Math.floor(random.next() * 3)] ?? '');
  const returned = Int32Array.from(price, (value, row) =>
    Number((value > 50 && shop[row] === 'south') !== random.next() < 0.05),
  );
  const columns = new Map([
    ['price', { kind: 'number' as const, values: price }],
    ['shop', { kind: 'category' as const, values: shop }],
  ]);
  return { table: { rows, columns }, returned };
};

const resolvedOrders = (spec: object, classes?: readonly string[]): ResolvedSpec => ({
  spec: ModelSpec.parse({ name: 'returns', target: 'returned', ...spec }),
  columns: [
    { name: 'price', kind: 'number', role: 'feature', because: 'all values are numbers' },
    { name: 'shop', kind: 'category', role: 'feature', because: 'three values' },
  ],
  targetName: 'returned',
  ...(classes !== undefined && { classes }),
});

const classTarget = (classes: readonly string[], indices: Int32Array): Target => ({
  kind: 'classes',
  classes,
  indices,
});

const tablesOf = (resolved: ResolvedSpec, targetOf: (returned: Int32Array) => Target): TrainingTables => {
  const [train, validation] = [orders(400, 1), orders(100, 2)];
  return {
    resolved,
    seed: 7,
    train: { table: train.table, target: targetOf(train.returned) },
    validation: { table: validation.table, target: targetOf(validation.returned) },
  };
};

const silent = () => {};
const binary = (trainer: object) =>
  tablesOf(
    { ...resolvedOrders({ task: 'binary', trainer }, ['kept', 'returned']), positiveClass: 'returned' },
    (returned) => classTarget(['kept', 'returned'], returned),
  );

describe('training on tables', () => {
  test.each([{ kind: 'boosted-trees', rounds: 20 }, { kind: 'linear' }])(
    '$kind: one model from raw columns to probabilities, with its signature',
    async (trainer) => {
      const tables = binary(trainer);

      const { onnx, signature } = await trainOnTables(tables, silent);

      expect(signature).toMatchObject({
        task: 'binary',
        target: 'returned',
        inputs: [{ tensor: 'price' }, { tensor: 'shop' }],
        outputs: { label: 'label', probabilities: 'probabilities' },
        classes: ['kept', 'returned'],
        positiveClass: 'returned',
        threshold: 0.5,
      });
      const model = await openModel(onnx, signature);
      const columns = new Map([
        ['price', { kind: 'number' as const, values: Float64Array.of(90, 90, 10, Number.NaN) }],
        ['shop', { kind: 'category' as const, values: ['south', 'north', 'south', 'nowhere'] }],
      ]);
      const answer = await model.run({ rows: 4, columns });
      await model.release();
      if (answer.kind !== 'classes') throw new Error('expected classes');
      const ofReturned = answer.probabilities.filter((_, at) => at % 2 === 1);
      expect(ofReturned[0]).toBeGreaterThan(ofReturned[1] ?? 1);
      expect(ofReturned[0]).toBeGreaterThan(ofReturned[2] ?? 1);
      expect(ofReturned[3]).toBeGreaterThanOrEqual(0);
    },
  );

  test('two classes under the task "multiclass" still get a probability each', async () => {
    const tables = tablesOf(resolvedOrders({ task: 'multiclass' }, ['kept', 'returned']), (returned) =>
      classTarget(['kept', 'returned'], returned),
    );

    const { onnx, signature } = await trainOnTables(tables, silent);

    const model = await openModel(onnx, signature);
    const answer = await model.run(tables.validation.table);
    await model.release();
    expect(signature.positiveClass).toBeUndefined();
    expect(answer.kind === 'classes' && answer.probabilities.length).toBe(200);
  });

  test('numbers: the model gives a value', async () => {
    const tables = tablesOf(resolvedOrders({ task: 'regression' }), (returned) => ({
      kind: 'values',
      values: Float64Array.from(returned, (value) => 1000 + 500 * value),
    }));

    const { onnx, signature, record } = await trainOnTables(tables, silent);

    const model = await openModel(onnx, signature);
    const answer = await model.run(tables.validation.table);
    await model.release();
    expect(signature.outputs).toEqual({ value: 'value' });
    const values = answer.kind === 'values' ? [...answer.values] : [];
    expect(Math.min(...values)).toBeLessThan(1100);
    expect(Math.max(...values)).toBeGreaterThan(1300);
    expect(record.curve.metric).toBe('mean squared error');
  });

  test('the record tells of which raw columns each feature is made and how much it mattered', async () => {
    const { record } = await trainOnTables(binary({ kind: 'boosted-trees', rounds: 20 }), silent);

    expect(record).toMatchObject({
      schemaVersion: 1,
      trainer: 'boosted-trees',
      params: { rounds: 20, learningRate: 0.1 },
      seed: 7,
      rows: { train: 400, validation: 100 },
      curve: { metric: 'log loss' },
      warnings: [],
      features: [
        { name: 'price', columns: ['price'], gain: expect.any(Number) },
        { columns: ['shop'], gain: expect.any(Number) },
      ],
    });
    expect(record.curve.points[0]).toMatchObject({ round: 0 });
    expect(record.curve.points.map(({ round }) => round)).toContain(record.bestRound);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  test('the record of a long training keeps few enough points to draw, the best round among them', async () => {
    const trainer = { kind: 'boosted-trees', rounds: 1200, earlyStoppingRounds: 1200, learningRate: 0.02 };

    const { record } = await trainOnTables(binary(trainer), silent);

    expect(record.curve.points.length).toBeLessThanOrEqual(502);
    expect(record.curve.points.map(({ round }) => round)).toContain(record.bestRound);
  });

  test('the same tables, spec and seed give the same bytes; with sampling another seed gives others', async () => {
    const tables = binary({ kind: 'boosted-trees', rounds: 10, rowShare: 0.5 });

    const once = await trainOnTables(tables, silent);
    const again = await trainOnTables(tables, silent);
    const other = await trainOnTables({ ...tables, seed: 8 }, silent);

    expect(again).toEqual(once);
    expect(other.onnx).not.toEqual(once.onnx);
  });

  test('a target with one class is refused before anything is fitted', async () => {
    const tables = tablesOf(resolvedOrders({ task: 'binary' }, ['kept', 'returned']), (returned) =>
      classTarget(
        ['kept', 'returned'],
        returned.map(() => 0),
      ),
    );

    await expect(trainOnTables(tables, silent)).rejects.toMatchObject({
      name: 'ONE_CLASS_TARGET',
      message: expect.stringContaining('the 400 training rows hold only the class "kept"'),
    });
  });

  test('a spec that leaves no feature is refused', async () => {
    const resolved = resolvedOrders({ task: 'binary' }, ['kept', 'returned']);
    const ignored = resolved.columns.map((column) => ({ ...column, role: 'ignored' as const }));
    const tables = tablesOf({ ...resolved, columns: ignored }, (returned) =>
      classTarget(['kept', 'returned'], returned),
    );

    await expect(trainOnTables(tables, silent)).rejects.toMatchObject({ name: 'NO_FEATURES' });
  });
});
