import { describe, expect, test } from 'vitest';
import type { Baseline } from '../../../lib/domain/baseline/index.ts';
import { shownNumber } from '../../../lib/domain/prediction/index.ts';
import {
  isKnown,
  type JudgedEstimate,
  judgeEstimate,
  judgeReliability,
  qualityCounter,
} from '../../../lib/domain/quality/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import { binaryBaseline, regressionBaseline } from './small-models.ts';

const rows = 8000;
const windowRows = 4000;

interface AnsweredRow {
  readonly x: number;
  readonly output: Readonly<Record<string, unknown>>;
  /** 1 where the answer was right, or how far it was off. */
  readonly turnedOut: number;
}

/** A window of rows as they are captured, judged without labels, and what labels would have told. */
const windowOf = (baseline: Baseline, draw: () => AnsweredRow) => {
  const counter = qualityCounter(baseline);
  let sum = 0;
  for (let row = 0; row < windowRows; row += 1) {
    const { x, output, turnedOut } = draw();
    counter.add({ output, cellOf: (column) => (column === 0 ? x : 0) });
    sum += turnedOut;
  }
  const counts = counter.counts();
  const judged = judgeEstimate(baseline.quality, counter.estimate(counts), counts.rows);
  return { score: scoreOf(judged), estimated: estimateOf(judged), realised: sum / windowRows };
};

const scoreOf = ({ judgement }: JudgedEstimate): number =>
  isKnown(judgement) ? judgement.score : Number.NaN;
const estimateOf = ({ estimated }: JudgedEstimate): number =>
  isKnown(estimated) ? estimated.value : Number.NaN;

describe('quality without labels of a classifier', () => {
  const random = seededRandom(4);
  const chance = (x: number) => 1 / (1 + Math.exp(-8 * (x - 0.5)));
  const xs = Float64Array.from({ length: rows }, () => random.next());
  const xOf = (row: number) => xs[row] ?? 0;
  const baseline = binaryBaseline({ rows, columns: { x: xOf }, chance: (row) => chance(xOf(row)) });

  /** So many of the rows lie where nobody can be sure; `truth` is the chance of a yes. */
  const asked = (unsure: number, truth: (x: number) => number) =>
    windowOf(baseline, () => {
      const x = random.next() < unsure ? 0.4 + 0.2 * random.next() : random.next();
      const probability = shownNumber(chance(x));
      const isYes = random.next() < truth(x);
      const label = probability >= 0.5 ? 'yes' : 'no';
      return { x, output: { label, probability }, turnedOut: Number(isYes === probability >= 0.5) };
    });

  test('follows the truth where only the inputs change, and rings', () => {
    const { score, estimated, realised } = asked(0.8, chance);

    expect(Math.abs(estimated - realised)).toBeLessThan(0.03);
    expect(score).toBeGreaterThan(1);
  });

  test('cannot see a changed concept; labels then tell that it is not to be believed', () => {
    const { score, estimated, realised } = asked(0, (x) => 1 - chance(x));

    expect(score).toBeLessThan(1);
    expect(realised).toBeLessThan(0.4);
    expect(judgeReliability(estimated, realised, 0.01)).toMatchObject({ mark: 'unreliable' });
  });
});

describe('quality without labels of a regression', () => {
  const random = seededRandom(5);
  const spread = (distance: number) => 1 + 3 * distance;
  const baseline = regressionBaseline(rows, spread);
  /** From such a distance on, evenly over a third. */
  const asked = (from: number) =>
    windowOf(baseline, () => {
      const x = from + random.next() / 3;
      return { x, output: { value: 0 }, turnedOut: Math.abs(spread(x) * (2 * random.next() - 1)) };
    });

  test('follows the truth where only the inputs change, for better and for worse', () => {
    const [near, far] = [asked(0), asked(2 / 3)];

    expect(near.estimated / near.realised).toBeCloseTo(1, 1);
    expect(far.estimated / far.realised).toBeCloseTo(1, 1);
    expect(near.score).toBeLessThan(0);
    expect(far.score).toBeGreaterThan(1);
  });

  test('knows no more of what lies beyond than of the end of what it has seen', () => {
    const [far, beyond] = [asked(2 / 3), asked(50)];

    expect(beyond.estimated).toBeGreaterThanOrEqual(far.estimated);
    expect(beyond.estimated).toBeLessThan(2.5);
    expect(beyond.realised).toBeGreaterThan(70);
    expect(beyond.score).toBeGreaterThan(1);
  });
});
