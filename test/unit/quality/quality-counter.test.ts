import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BaselineColumn } from '../../../lib/domain/drift/index.ts';
import {
  type CalibrationMap,
  calibrate,
  calibrateClasses,
  type EstimatedQuality,
  estimateBinary,
  estimateMulticlass,
  mergeQualityCounts,
  type QualityBaseline,
  type QualityCounts,
  qualityCounter,
} from '../../../lib/domain/quality/index.ts';

const mapOf = (corners: readonly (readonly [number, number])[]): CalibrationMap => ({
  schemaVersion: 1,
  rows: 100,
  scores: corners.map(([score]) => score),
  probabilities: corners.map(([, probability]) => probability),
});

const honest = mapOf([
  [0, 0],
  [1, 1],
]);

const classQuality = (maps: CalibrationMap[], classes: string[]): QualityBaseline => ({
  kind: 'classes',
  classes,
  ...(maps.length === 1 && { positiveClass: 'yes' }),
  maps,
  estimated: { unknown: 'not asked' },
  windowRows: 500,
  realised: { rows: 0, errors: 0 },
});

const counterOf = (quality: QualityBaseline, columns: BaselineColumn[] = []) =>
  qualityCounter({ quality, columns });

const noCells = () => undefined;

/** One answer to a row, as capture keeps it. */
const answered = (probability: unknown, isYes: boolean) => ({
  output: { label: isYes ? 'yes' : 'no', probability },
  cellOf: noCells,
});

const estimateOf = (map: CalibrationMap, scores: readonly number[], threshold = 0.5): EstimatedQuality => {
  const counter = counterOf(classQuality([map], ['no', 'yes']));
  for (const score of scores) counter.add(answered(score, score >= threshold));
  return counter.estimate(counter.counts()) as EstimatedQuality;
};

const score = fc.double({ min: 0, max: 1, noNaN: true });
const scores = fc.array(score, { minLength: 2, maxLength: 40 });

/** Maps of up to six corners, also with level and steep stretches. */
const maps = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { minLength: 6, maxLength: 6 }),
  )
  .map(([at, heights]) => {
    const rising = heights.slice(0, at.length).toSorted((a, b) => a - b);
    const places = at.toSorted((a, b) => a - b);
    return mapOf(places.map((place, index) => [place / 50, rising[index] as number] as const));
  });

describe('quality counted row by row', () => {
  test('is that of the worked example', () => {
    const worked = estimateOf(honest, [0.95, 0.8, 0.7, 0.55, 0.4, 0.3, 0.2, 0.05]);

    expect(worked.measure).toBe('accuracy');
    expect(worked.value).toBeCloseTo(0.75625, 6);
    expect(worked.precision).toBeCloseTo(0.75, 6);
    expect(worked.recall).toBeCloseTo(0.759494, 6);
    expect(worked.f1).toBeCloseTo(0.754717, 6);
    expect(worked.sd).toBeCloseTo(0.14375, 6);
    // Eight scores in eight bins: the ranks are all there.
    expect(worked.auc).toBeCloseTo(0.832865, 6);
    expect(worked.aucTolerance).toBeLessThan(0.001);
  });

  test('is that of all rows at once, the AUC within the tolerance it states', () => {
    fc.assert(
      fc.property(maps, scores, (map, given) => {
        const score = Float64Array.from(given);
        const probability = calibrate(map, score);
        const whole = estimateBinary({ probability, score, answers: given.map((one) => +(one >= 0.5)) });

        const counted = estimateOf(map, given);

        expect(counted.value).toBeCloseTo(whole.accuracy as number, 7);
        expect(counted.sd).toBeCloseTo(whole.accuracySd as number, 6);
        for (const name of ['precision', 'recall', 'f1'] as const) {
          if (typeof whole[name] === 'number') expect(counted[name], name).toBeCloseTo(whole[name], 6);
          else expect(counted[name]).toEqual(whole[name]);
        }
        const distance = Math.abs((counted.auc as number) - (whole.auc as number));
        expect(distance).toBeLessThanOrEqual((counted.aucTolerance as number) + 1e-6);
      }),
    );
  });

  test('adds up bit for bit, in any order and however it is cut into files', () => {
    fc.assert(
      fc.property(maps, fc.tuple(scores, scores, scores), (map, files) => {
        const quality = classQuality([map], ['no', 'yes']);
        const countsOf = (given: readonly number[]): QualityCounts => {
          const counter = counterOf(quality);
          for (const one of given) counter.add(answered(one, one >= 0.5));
          return counter.counts();
        };
        const [a, b, c] = files.map(countsOf) as [QualityCounts, QualityCounts, QualityCounts];

        expect(mergeQualityCounts(mergeQualityCounts(a, b), c)).toEqual(countsOf(files.flat().toReversed()));
        expect(mergeQualityCounts(a, mergeQualityCounts(b, c))).toEqual(countsOf(files.flat()));
      }),
    );
  });

  test('of more than two classes is one class against the rest', () => {
    const three = [
      mapOf([
        [0, 0.1],
        [1, 0.8],
      ]),
      honest,
      mapOf([[0.5, 0.3]]),
    ];
    const classes = ['a', 'b', 'c'];
    const rows = [
      [0.7, 0.2, 0.1],
      [0.1, 0.6, 0.3],
      [0.2, 0.3, 0.5],
    ];
    const raw = Float64Array.from(rows.flat());
    const whole = estimateMulticlass({
      classes: 3,
      probabilities: calibrateClasses(three, raw),
      scores: raw,
      answers: [0, 1, 2],
    });

    const counter = counterOf(classQuality(three, classes));
    rows.forEach((row, index) => {
      const probabilities = Object.fromEntries(row.map((p, place) => [classes[place], p]));
      counter.add({ output: { label: classes[index], probabilities }, cellOf: noCells });
    });
    const counted = counter.estimate(counter.counts()) as EstimatedQuality;

    expect(counted.value).toBeCloseTo(whole.accuracy as number, 7);
    expect(counted.sd).toBeCloseTo(whole.accuracySd as number, 6);
  });

  test('of a regression is the mean of the error model over the rows', () => {
    const column: BaselineColumn = {
      name: 'distance',
      of: 'feature',
      bins: { kind: 'number', edges: [10, 20], min: 0, max: 30 },
      counts: { counts: [1, 1, 1, 0], outside: 0, wrong: 0 },
    };
    const quality: QualityBaseline = {
      kind: 'values',
      errorModel: {
        start: 2,
        trees: [
          // Up to 10 half a unit less; missing values, in the last bin, three more.
          {
            column: [0, 0, -1, -1, -1],
            atMost: [0, 2, 0, 0, 0],
            left: [2, 3, 0, 0, 0],
            right: [1, 4, 0, 0, 0],
            value: [0, 0, -0.5, 1, 3],
          },
        ],
      },
      estimated: { mean: 2, sd: 0.1, windows: 10 },
      windowRows: 4,
      realised: { rows: 3, mean: 2, variance: 4 },
    };
    const counter = counterOf(quality, [column]);
    for (const cell of [5, 15, 25, undefined]) counter.add({ output: { value: 1 }, cellOf: () => cell });
    counter.add({ output: { value: 'much' }, cellOf: () => 5 });

    const counts = counter.counts();
    const estimated = counter.estimate(counts) as EstimatedQuality;

    expect(counts).toMatchObject({ rows: 4, missingRows: 1 });
    expect(estimated.measure).toBe('mean absolute error');
    // 2 + (−0.5 + 1 + 1 + 3) / 4, and √(4 / 4).
    expect(estimated.value).toBeCloseTo(3.125, 12);
    expect(estimated.sd).toBe(1);
  });

  test('is unknown without rows, without a map and of a baseline that knows nothing of it', () => {
    const none = counterOf(classQuality([honest], ['no', 'yes']));
    const unfit = counterOf({
      ...classQuality([honest], ['no', 'yes']),
      maps: { unknown: 'all 7 labelled row(s) are of one class' },
    } as QualityBaseline);
    const old = qualityCounter({ columns: [] });
    for (const counter of [unfit, old]) counter.add(answered(0.5, true));

    expect(none.estimate(none.counts())).toMatchObject({
      value: { unknown: 'no row has a probability' },
      auc: { unknown: '0 row(s) cannot be ranked' },
    });
    expect(unfit.estimate(unfit.counts())).toEqual({ unknown: 'all 7 labelled row(s) are of one class' });
    expect(old.estimate(old.counts())).toEqual({ unknown: expect.stringContaining('earlier schema') });
    expect(old.counts()).toMatchObject({ rows: 0, missingRows: 1 });
  });

  test('leaves out and counts rows whose answer is no probability', () => {
    const counter = counterOf(classQuality([honest], ['no', 'yes']));
    for (const probability of [0.8, 1.2, -0.1, Number.NaN, null, '0.5', undefined])
      counter.add(answered(probability, true));

    const counts = counter.counts();

    expect(counts).toMatchObject({ rows: 1, missingRows: 6 });
    expect(counter.estimate(counts)).toMatchObject({ value: expect.closeTo(0.8, 7) });
  });
});
