import { describe, expect, test } from 'vitest';
import { type Compared, goldenRows, recentRow, sanityRows } from '../../../lib/domain/evaluation/index.ts';
import { dataGate, judgeChallenger } from '../../../lib/domain/gates/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { type RandomStream, seededRandom } from '../../../lib/domain/random/index.ts';
import type { Predictions } from '../../../lib/domain/signature/index.ts';
import {
  boostedTreesMargins,
  linearMargins,
  probabilitiesOf,
  type TrainingMatrix,
  trainBoostedTrees,
  trainLinear,
} from '../../../lib/domain/training/index.ts';
import {
  type SeaConcept,
  type StreamRows,
  seaStream,
  seaThresholds,
  takeRows,
} from '../../support/streams/index.ts';

/*
 * Thirty seeds of SEA, and in each a champion and a challenger that were really trained. The champion learned θ = 8. Of
 * 10,000 new rows the newest 3,000 are the recent hold-out; the challenger learns the other 7,000 and a reservoir of
 * 3,000 older ones, as a retraining does. Poison is in the new rows, hold-out included; the golden set is clean.
 */
const classes = ['below', 'above'];
const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
const concepts = { 8: 0, 9: 1 } as const satisfies Record<number, SeaConcept>;
const { gates } = ModelSpec.parse({ name: 'sea', task: 'binary', target: 'class' });

const rowsOf = (theta: 8 | 9, seed: number, rows: number): StreamRows =>
  takeRows(seaStream({ seed, concept: concepts[theta] }), rows);

type Poison = (rows: StreamRows, random: RandomStream) => StreamRows;
const relabel = (rows: StreamRows, label: (row: number) => number): StreamRows => ({
  ...rows,
  labels: rows.labels.map((_, row) => label(row)),
});
const labelOf = (rows: StreamRows, row: number) => rows.labels[row] as number;
const inverted: Poison = (rows) => relabel(rows, (row) => 1 - labelOf(rows, row));
/** Of those between two thresholds every one is said to lie below. */
const targeted: Poison = (rows) =>
  relabel(rows, (row) => {
    const sum = (rows.columns[0]?.[row] as number) + (rows.columns[1]?.[row] as number);
    return sum > seaThresholds[0] && sum <= seaThresholds[1] ? 0 : labelOf(rows, row);
  });
const flipped: Poison = (rows, random) =>
  relabel(rows, (row) => (random.next() < 0.3 ? 1 - labelOf(rows, row) : labelOf(rows, row)));
const clean: Poison = (rows) => rows;

const cut = ({ columns, labels }: StreamRows, from: number, to: number): StreamRows => ({
  rows: to - from,
  columns: columns.map((column) => column.slice(from, to)),
  labels: labels.slice(from, to),
});
const joined = (one: StreamRows, other: StreamRows): StreamRows => ({
  rows: one.rows + other.rows,
  columns: one.columns.map((column, at) => Float64Array.of(...column, ...(other.columns[at] ?? []))),
  labels: Int32Array.of(...one.labels, ...other.labels),
});

const matrixOf = ({ rows, columns }: StreamRows): TrainingMatrix => {
  const values = new Float32Array(rows * columns.length);
  columns.forEach((column, at) => {
    for (let row = 0; row < rows; row += 1) values[row * columns.length + at] = column[row] as number;
  });
  return { rows, featureCount: columns.length, values, featureNames: ['x1', 'x2', 'x3'] };
};

type Model = (rows: StreamRows) => Predictions;
type Train = (rows: StreamRows) => Model;

const answers = (margins: Float64Array): Predictions => ({
  kind: 'classes',
  probabilities: probabilitiesOf('binary', margins, 1),
  labels: Int32Array.from(margins, (margin) => (margin >= 0 ? 1 : 0)),
});

const linear: Train = (rows) => {
  const target = { kind: 'classes' as const, classes, indices: rows.labels };
  const model = trainLinear({ matrix: matrixOf(rows), target, params: { l2: 1, maxIterations: 200 } });
  return (asked) => answers(linearMargins(model, matrixOf(asked)));
};

const boostedTrees: Train = (rows) => {
  const { trainer } = ModelSpec.parse({
    name: 'sea',
    task: 'binary',
    target: 'class',
    trainer: { kind: 'boosted-trees', rounds: 60, maxLeaves: 15 },
  });
  if (trainer.kind !== 'boosted-trees') throw new Error('not what was asked for');
  const target = { kind: 'classes' as const, classes, indices: rows.labels };
  const model = trainBoostedTrees({ matrix: matrixOf(rows), target, params: trainer, seed: 1 });
  return (asked) => answers(boostedTreesMargins(model, matrixOf(asked)));
};

const rateOf = ({ labels, rows }: StreamRows) => labels.reduce((sum, label) => sum + label, 0) / rows;

interface Story {
  readonly now: 8 | 9;
  readonly golden: 8 | 9;
  readonly poison: Poison;
}

/** What all gates say of a challenger, G0's usual label rate being that of the golden set in force. */
const challenge = (train: Train, seed: number, { now, golden, poison }: Story) => {
  const old = rowsOf(8, seed, 7000);
  const trusted = rowsOf(golden, 1000 + seed, 2000);
  const arrived = poison(rowsOf(now, 2000 + seed, 10_000), seededRandom(3000 + seed));
  const recent = cut(arrived, 7000, 10_000);
  const champion = train(old);
  const challenger = train(joined(cut(arrived, 0, 7000), cut(old, 0, 3000)));
  const compared = (rows: StreamRows): Compared => ({
    task: 'binary',
    gates,
    table: { rows: rows.rows, columns: new Map() },
    truth: { kind: 'classes', classes, indices: rows.labels },
    champion: champion(rows),
    challenger: challenger(rows),
  });
  return judgeChallenger([
    ...dataGate({
      quality: { score: 0, because: 'nothing is out of place' },
      rows: arrived.rows,
      usualRows: arrived.rows,
      labelRate: {
        value: rateOf(arrived),
        rows: arrived.rows,
        usual: rateOf(trusted),
        usualRows: trusted.rows,
        usualSd: null,
      },
      driftScores: { x1: 0, x2: 0, x3: 0 },
    }),
    ...goldenRows(compared(trusted)),
    recentRow(compared(recent), seededRandom(seed)),
    ...sanityRows(compared(recent), 'binary', {
      latencyMs: { value: 1, budget: 50 },
      sizeBytes: { value: 1e5, budget: 1e8 },
      parity: { maxDifference: 0, tolerance: 1e-6 },
    }),
  ]);
};

const paths = (train: Train, story: Story) => {
  const judged = seeds.map((seed) => challenge(train, seed, story));
  const counted: Record<string, number> = {};
  for (const { path } of judged) counted[path] = (counted[path] ?? 0) + 1;
  return { counted, judged };
};

describe.each([
  ['boosted trees', boostedTrees],
  ['linear models', linear],
] as const)('30 seeds of SEA, with %s that were trained', (_, train) => {
  test('learned from inverted labels a challenger wins on recent rows, and is a conflict each time', () => {
    const { counted, judged } = paths(train, { now: 8, golden: 8, poison: inverted });

    expect(judged.map(({ standing }) => standing.G2)).toEqual(seeds.map(() => 'pass'));
    expect(counted).toEqual({ conflict: 30 });
  });

  test('a band of labels poisoned on purpose promotes nobody, though it wins on recent rows', () => {
    const { counted, judged } = paths(train, { now: 8, golden: 8, poison: targeted });

    expect(judged.map(({ standing }) => standing.G2)).toEqual(seeds.map(() => 'pass'));
    expect(counted).toEqual({ conflict: 30 });
  });

  test('three labels of ten turned round at random promote nobody', () => {
    expect(paths(train, { now: 8, golden: 8, poison: flipped }).counted.promote).toBeUndefined();
  });

  test('true drift is promoted each time against a refreshed golden set, and a conflict against an old one', () => {
    expect(paths(train, { now: 9, golden: 9, poison: clean }).counted).toEqual({ promote: 30 });
    expect(paths(train, { now: 9, golden: 8, poison: clean }).counted).toEqual({ conflict: 30 });
  });

  test('where nothing has changed the champion nearly always stays', () => {
    // By chance one in twenty, and these challengers did learn from more rows.
    const { promote = 0 } = paths(train, { now: 8, golden: 8, poison: clean }).counted;
    expect(promote).toBeLessThanOrEqual(3);
  });
});
