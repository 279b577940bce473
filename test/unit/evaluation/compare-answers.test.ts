import { describe, expect, test } from 'vitest';
import type { Column, Target } from '../../../lib/domain/dataset/index.ts';
import { type Compared, goldenRows, recentRow, sanityRows } from '../../../lib/domain/evaluation/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import type { Predictions } from '../../../lib/domain/signature/index.ts';

const gatesOf = (gates: object) =>
  ModelSpec.parse({ name: 'demo', task: 'binary', target: 'y', gates }).gates;

const rows = 1000;
/** Every third row is late. */
const truth: Target = {
  kind: 'classes',
  classes: ['late', 'on time'],
  indices: Int32Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 0 : 1)),
};

/** Says what is true with 80 %, and the contrary on the rows named. */
const wrongWhere = (isWrong: (row: number) => boolean): Predictions => {
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const index = truth.kind === 'classes' ? (truth.indices[row] as number) : 0;
    return isWrong(row) ? 1 - index : index;
  });
  const probabilities = Float64Array.from({ length: rows * 2 }, (_, at) =>
    labels[at >> 1] === at % 2 ? 0.8 : 0.2,
  );
  return { kind: 'classes', probabilities, labels };
};

const origins: Column = {
  kind: 'category',
  values: Array.from({ length: rows }, (_, row) => (row < 700 ? 'JFK' : row < 950 ? 'LGA' : 'EWR')),
};
const compared = (changes: Partial<Compared> = {}): Compared => ({
  task: 'binary',
  positiveClass: 'late',
  gates: gatesOf({ slices: ['origin'] }),
  table: { rows, columns: new Map([['origin', origins]]) },
  truth,
  champion: wrongWhere((row) => row % 10 === 0),
  challenger: wrongWhere((row) => row % 10 === 0),
  ...changes,
});

describe('champion and challenger on the same rows', () => {
  test('two that answer alike pass the golden set, and the slices that are large enough', () => {
    expect(goldenRows(compared()).map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ['all rows', 'pass'],
      ['origin = JFK', 'pass'],
      ['origin = LGA', 'pass'],
      ['origin = EWR', 'too-few-rows'],
    ]);
  });

  test('a slice that loses fails although the whole gains', () => {
    const challenger = wrongWhere((row) => row >= 700 && row < 750);
    const judged = goldenRows(compared({ challenger }));

    expect(judged.map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ['all rows', 'pass'],
      ['origin = JFK', 'pass'],
      ['origin = LGA', 'fail'],
      ['origin = EWR', 'too-few-rows'],
    ]);
  });

  describe('of which one in fifty is positive', () => {
    const many = 5000;
    const isLate = (row: number) => row % 50 === 0;
    const rare: Target = {
      kind: 'classes',
      classes: ['late', 'on time'],
      indices: Int32Array.from({ length: many }, (_, row) => (isLate(row) ? 0 : 1)),
    };
    /** Answers "on time" whatever it is asked, and says this of being late. */
    const never = (chance: (row: number) => number): Predictions => ({
      kind: 'classes',
      labels: new Int32Array(many).fill(1),
      probabilities: Float64Array.from({ length: many * 2 }, (_, at) =>
        at % 2 === 0 ? chance(at >> 1) : 1 - chance(at >> 1),
      ),
    });
    const noise = (row: number) => ((row * 7919) % 1000) / 2500;
    const knows = never((row) => noise(row) / 2 + (isLate(row) ? 0.15 : 0));
    const knowsNothing = never(noise);
    const judged = (changes: Partial<Compared>) =>
      goldenRows(
        compared({ gates: gatesOf({}), truth: rare, champion: knows, challenger: knows, ...changes }),
      );

    test('a challenger that has forgotten which they are is found out, though no answer has changed', () => {
      expect(judged({ challenger: knowsNothing }).map(({ subject, verdict }) => [subject, verdict])).toEqual([
        ['all rows', 'pass'],
        ['AUC', 'fail'],
      ]);
      expect(judged({}).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    });

    test('too few of them leave the golden set without an answer, which is no pass', () => {
      const indices = Int32Array.from({ length: many }, (_, row) => (row % 250 === 0 ? 0 : 1));
      const rows = judged({ truth: { kind: 'classes', classes: ['late', 'on time'], indices } });

      expect(rows.map(({ verdict }) => verdict)).toEqual(['pass', 'unknown']);
      expect(rows[1]?.because).toContain('20 golden rows of the rarer class, 25 are needed to tell');
    });
  });

  test('where model.json asks for an AUC the golden set is judged by it as well', () => {
    const subjects = goldenRows(compared({ gates: gatesOf({ minAuc: 0.6 }) })).map(({ subject }) => subject);

    expect(subjects).toEqual(['all rows', 'AUC']);
  });

  test('recent rows are judged by right and wrong, and by ranking where model.json asks for an AUC', () => {
    const better = wrongWhere((row) => row % 20 === 0);
    const judge = (gates: object) =>
      recentRow(compared({ challenger: better, gates: gatesOf(gates) }), seededRandom(1));

    expect(judge({})).toMatchObject({
      subject: 'accuracy',
      verdict: 'pass',
      numbers: { championOnly: 0, challengerOnly: 50 },
    });
    expect(judge({ minAuc: 0.6 })).toMatchObject({ subject: 'AUC', verdict: 'pass' });
    expect(judge({ minRecentGain: 0.06 }).verdict).toBe('fail');
  });

  test('values are judged by their absolute errors, relative to the champion’s', () => {
    const values = Float64Array.from({ length: rows }, (_, row) => row);
    const off = (by: number): Predictions => ({ kind: 'values', values: values.map((value) => value + by) });
    const pair = compared({
      task: 'regression',
      gates: gatesOf({}),
      truth: { kind: 'values', values },
      champion: off(2),
      challenger: off(1),
    });

    expect(recentRow(pair, seededRandom(1))).toMatchObject({
      subject: 'mean absolute error',
      verdict: 'pass',
      numbers: { gain: 0.5 },
    });
    expect(goldenRows(pair)[0]).toMatchObject({ verdict: 'pass', numbers: { loss: -0.5 } });
  });

  test('sanity compares calibration and positive rate where there are enough recent rows', () => {
    const budgets = {
      latencyMs: { value: 60, budget: 50 },
      sizeBytes: { value: 10, budget: 100 },
      parity: { maxDifference: 0, tolerance: 1e-6 },
    };
    const said = (changes: Partial<Compared> | undefined) =>
      sanityRows(changes && compared(changes), 'binary', budgets).map(({ subject, verdict }) => [
        subject,
        verdict,
      ]);
    const eager = wrongWhere((row) => row % 3 !== 0);

    expect(said({ challenger: eager })).toEqual([
      ['increase of calibration error', 'fail'],
      ['change of positive rate', 'fail'],
      ['latency in ms', 'fail'],
      ['size in bytes', 'pass'],
      ['difference from the ONNX file', 'pass'],
    ]);
    expect(said({ table: { rows: 499, columns: new Map() } }).slice(0, 2)).toEqual([
      ['increase of calibration error', 'too-few-rows'],
      ['change of positive rate', 'too-few-rows'],
    ]);
    expect(
      said(undefined)
        .slice(0, 2)
        .map(([, verdict]) => verdict),
    ).toEqual(['unknown', 'unknown']);
    const ofValues = sanityRows(undefined, 'regression', budgets).map(({ subject }) => subject);
    expect(ofValues).toEqual(['latency in ms', 'size in bytes', 'difference from the ONNX file']);
  });
});
