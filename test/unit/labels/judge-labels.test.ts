import { describe, expect, test } from 'vitest';
import {
  judgeLabels,
  type KnownLabel,
  type RealisedFacts,
  realisedCounter,
  trainingRowOf,
  waitMs,
} from '../../../lib/domain/labels/index.ts';
import type { QualityBaseline } from '../../../lib/domain/quality/index.ts';

const hourMs = 3_600_000;

const label = (value: string | number, delayHours = 10): KnownLabel => ({
  label: value,
  truth: { label: value },
  isCorrected: false,
  firstReceivedMs: delayHours * hourMs,
  atMs: 0,
  receivedMs: 0,
  source: 'a',
  row: 1,
});

/** A tenth of 1,000 validation rows was answered wrongly. */
const quality: QualityBaseline = {
  kind: 'classes',
  classes: ['no', 'yes'],
  positiveClass: 'yes',
  maps: { unknown: 'not asked here' },
  estimated: { unknown: 'not asked here' },
  windowRows: 500,
  realised: { rows: 1000, errors: 100 },
};

/** So many rows answered "yes", of which so many have a label and so many of these say "no". */
const counted = (rows: number, labelled: number, wrong: number, delayHours = 10) => {
  const counter = realisedCounter('binary');
  for (let row = 0; row < rows; row += 1) {
    const truth = row < labelled ? label(row < wrong ? 'no' : 'yes', delayHours) : undefined;
    counter.add({ output: { label: 'yes' }, atMs: 0 }, truth);
  }
  return counter.counts();
};

const facts = (changes: Partial<RealisedFacts>): RealisedFacts => ({
  windowStartMs: 0,
  windowEndMs: 24 * hourMs,
  nowMs: 30 * hourMs,
  counts: counted(500, 450, 45),
  usualDelayMs: 48 * hourMs,
  quality,
  estimate: { measure: 'accuracy', value: 0.9, sd: 0.0134 },
  widenedBy: 1,
  ...changes,
});

describe('what the labels of a window tell', () => {
  test('as wrong as on the validation rows scores none, and estimates are reliable', () => {
    expect(judgeLabels(facts({}))).toMatchObject({
      outcome: 'judged',
      isFinal: true,
      coverage: 0.9,
      labelledRows: 450,
      measure: 'share of wrong answers',
      value: 0.1,
      reference: 0.1,
      estimated: expect.closeTo(0.1, 12),
      reliability: 'reliable',
      delayHours: 10,
      score: 0,
    });
  });

  test('answers that turned wrong breach the limit while estimates stay as they were, which makes them unreliable', () => {
    const judged = judgeLabels(facts({ counts: counted(500, 450, 200) }));

    // e = 4/9, e0 = 0.1, pooled 300/1450: z = 0.34444/√(0.20690·0.79310·(1/1000 + 1/450)) = 14.9796.
    expect(judged.score).toBeCloseTo(14.9796 / 3, 4);
    expect(judged).toMatchObject({ outcome: 'judged', reliability: 'unreliable' });
    expect(judged.because).toContain('0.444 of 450 labelled rows were answered wrongly, before 0.100');
  });

  test('a lane that is widened by its promise scores so much less, and says so', () => {
    const judged = judgeLabels(facts({ counts: counted(500, 450, 200), widenedBy: 2 }));

    expect(judged.score).toBeCloseTo(14.9796 / 6, 4);
    expect(judged.because).toContain('widened 2 times');
  });

  test('a window waits for more labels, and is judged on those that came once their time is over', () => {
    const counts = counted(500, 100, 10);

    expect(judgeLabels(facts({ counts }))).toMatchObject({
      outcome: 'waiting',
      isFinal: false,
      coverage: 0.2,
    });
    expect(judgeLabels(facts({ counts })).score).toBeUndefined();
    expect(judgeLabels(facts({ counts, nowMs: 73 * hourMs }))).toMatchObject({
      outcome: 'judged',
      isFinal: true,
      value: 0.1,
    });
  });

  test('none that came in their time is unknown, never a window of negatives, and stays open', () => {
    const counts = counted(500, 0, 0);

    expect(judgeLabels(facts({ counts, nowMs: 73 * hourMs }))).toMatchObject({
      outcome: 'unknown',
      isFinal: false,
      because: 'no label came in the usual time',
    });
  });

  test('one class alone is judged, a handful of labels is not', () => {
    expect(judgeLabels(facts({ counts: counted(500, 500, 0) }))).toMatchObject({
      outcome: 'judged',
      value: 0,
    });
    expect(judgeLabels(facts({ counts: counted(20, 20, 10) }))).toMatchObject({
      outcome: 'unknown',
      isFinal: false,
      because: expect.stringContaining('20 labelled row(s), needs 30'),
    });
  });

  test('a baseline of an earlier schema leaves the lane unknown, and the value is told all the same', () => {
    const judged = judgeLabels(facts({ quality: undefined, estimate: { unknown: 'no maps' } }));

    expect(judged).toMatchObject({ outcome: 'unknown', isFinal: true, value: 0.1 });
    expect(judged.because).toContain('of an earlier schema');
    expect(judged.score).toBeUndefined();
    expect(judged.reliability).toBeUndefined();
  });

  test('of a regression it is the mean absolute error', () => {
    const counter = realisedCounter('regression');
    for (let row = 0; row < 100; row += 1)
      counter.add({ output: { value: 10 }, atMs: 0 }, label(row % 2 === 0 ? 12 : 6));
    const values: QualityBaseline = {
      kind: 'values',
      errorModel: { unknown: 'not asked here' },
      estimated: { unknown: 'not asked here' },
      windowRows: 500,
      realised: { rows: 100, mean: 2, variance: 1 },
    };

    const judged = judgeLabels(
      facts({ counts: counter.counts(), quality: values, estimate: { unknown: 'no model' } }),
    );

    // Errors 2 and 4: mean 3, variance 100/99; Welch: 1/(3·√(0.010101 + 0.01)) = 2.35113, and 1/(0.1·2) = 5.
    expect(judged).toMatchObject({ measure: 'mean absolute error', value: 3, reference: 2 });
    expect(judged.score).toBeCloseTo(2.35113, 4);
  });
});

describe('how long a window waits', () => {
  const none = { unknown: 'no label has come yet' };

  test('as long as labels took before, or take now; the first twice what it has seen, and a window at least', () => {
    const own = Float64Array.of(5 * hourMs);

    expect(waitMs(own, 8 * hourMs, hourMs)).toBe(8 * hourMs);
    expect(waitMs(own, 3 * hourMs, hourMs)).toBe(5 * hourMs);
    expect(waitMs(own, none, hourMs)).toBe(10 * hourMs);
    expect(waitMs(own, none, 24 * hourMs)).toBe(24 * hourMs);
    expect(waitMs(new Float64Array(0), 8 * hourMs, hourMs)).toBe(8 * hourMs);
    expect(waitMs(new Float64Array(0), none, hourMs)).toEqual(none);
  });

  test('is told by a sample that stays small and even', () => {
    const counter = realisedCounter('binary');
    for (let row = 0; row < 300_000; row += 1)
      counter.add({ output: { label: 'yes' }, atMs: 0 }, { ...label('yes'), firstReceivedMs: row });

    const { delaysMs, labelledRows } = counter.counts();

    expect(labelledRows).toBe(300_000);
    expect(delaysMs.length).toBeLessThan(65_536);
    expect(Number(waitMs(delaysMs, 0, 0)) / 300_000).toBeCloseTo(0.95, 3);
  });
});

describe('a labelled prediction as a row to train on', () => {
  const row = { predictionId: '01kex', at: '2026-01-05T09:00:00.000Z', features: { hours: 3, site: null } };

  test('has the features as they were sent and the truth in the target’s column', () => {
    expect(trainingRowOf(row, label('yes'), { target: 'broken', truth: [], key: [] })).toEqual({
      hours: 3,
      site: null,
      broken: 'yes',
    });
  });

  test('takes its time and its key from the prediction where they were not sent', () => {
    const columns = { target: 'broken', truth: [], key: ['lamp', 'hours'], eventTime: 'seen' };

    expect(trainingRowOf(row, label('yes'), columns)).toEqual({
      hours: 3,
      site: null,
      lamp: '01kex',
      seen: '2026-01-05T09:00:00.000Z',
      broken: 'yes',
    });
  });

  test('of an expression is one only where all it reads was told', () => {
    const columns = { truth: ['actual', 'planned'], key: [] };
    const told = { label: 'true', truth: { actual: 20, planned: 0, gate: 'B' } };

    expect(trainingRowOf(row, told, columns)).toEqual({ hours: 3, site: null, actual: 20, planned: 0 });
    expect(trainingRowOf(row, { label: 'true', truth: { late: true } }, columns)).toBeUndefined();
    expect(trainingRowOf(row, told, { truth: [], key: [] })).toBeUndefined();
  });
});
