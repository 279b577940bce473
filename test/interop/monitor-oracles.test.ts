/** The monitor's sums against SciPy and scikit-learn, on data drawn anew from a seed. Tolerances are relative beyond 1. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { columnDrift } from '../../lib/domain/drift/index.ts';
import { fairBinomialTail } from '../../lib/domain/gates/binomial-tail.ts';
import {
  type CalibrationMap,
  calibrate,
  calibrateClasses,
  estimateBinary,
  expectedAuc,
  fitCalibration,
  judgeRealisedErrors,
  measureErrors,
} from '../../lib/domain/quality/index.ts';
import { askPython } from './support/ask-python.ts';
import { python } from './support/parties.ts';
import { draws, softmax } from './support/random-data.ts';

const tolerance = 1e-12;

const numbers = z.array(z.number());
const Answer = z.object({
  bins: z.array(z.record(z.string(), z.number())),
  heads: z.array(z.object({ tail: z.number(), test: z.number() })),
  rising: z.array(numbers),
  calibrated: z.array(numbers),
  expected: z.array(z.record(z.string(), z.number())),
  welch: numbers,
});

/** What the noise bound is taken for: one of twenty columns. */
const columns = 20;

const binCases = [
  { name: 'ten bins, 1,000 rows against 10,000', bins: 10, before: 10_000, now: 1000, tilt: 0.3 },
  { name: 'nothing moved', bins: 10, before: 5000, now: 500, tilt: 0 },
  { name: 'a hundred categories, a few rows each', bins: 102, before: 2000, now: 500, tilt: 0.1 },
  { name: 'bins that only one side has', bins: 60, before: 90, now: 70, tilt: 2 },
].map(({ name, bins, before, now, tilt }, index) => {
  const random = draws(400 + index);
  const count = (rows: number, power: number) => {
    const counts = new Array<number>(bins).fill(0);
    for (let row = 0; row < rows; row += 1) {
      const place = Math.floor(bins * random.next() ** power);
      counts[place] = (counts[place] as number) + 1;
    }
    return counts;
  };
  return { name, index, before: count(before, 1), now: count(now, 1 + tilt) };
});

const driftOf = ({ before, now }: (typeof binCases)[number]) => {
  const drift = columnDrift(before, now, columns);
  if (drift === undefined) throw new Error('no rows');
  return drift;
};

const headCases = [0, 1, 2, 25, 85, 90, 1000, 12_345, 999_999, 1_000_000].flatMap((tosses) =>
  // Around the middle, and out to five standard deviations; all, and more than none.
  [0.5, 1, 2.5, 5]
    .map((sds) => Math.min(tosses, Math.ceil(tosses / 2 + (sds * Math.sqrt(tosses)) / 2)))
    .concat([Math.floor(tosses / 2) - 1, tosses, 1])
    .filter((atLeast) => atLeast >= 0 && atLeast <= tosses)
    .map((atLeast) => ({ tosses, atLeast })),
);

const risingCases = [
  { name: 'every score once', rows: 800, digits: 15, isWeighted: false },
  { name: 'scores of two digits: nothing but ties', rows: 3000, digits: 2, isWeighted: false },
  { name: 'ties and weights, some of them none', rows: 2000, digits: 2, isWeighted: true },
  { name: 'weights a million times each other', rows: 500, digits: 3, isWeighted: true },
].map(({ name, rows, digits, isWeighted }, index) => {
  const random = draws(500 + index);
  const x = Float64Array.from({ length: rows }, () => Number(random.next().toFixed(digits)));
  const y = x.map((score) => Number(random.next() < score ** 2));
  const weights = x.map(() => {
    if (!isWeighted) return 1;
    return index === 3 ? 10 ** (6 * random.next() - 3) : random.integer(4);
  });
  const asked = Float64Array.from({ length: 400 }, (_, place) => place / 300 - 0.15);
  return { name, index, x, y, weights, asked };
});

const calibratedCases = [3, 5].map((classes, index) => {
  const random = draws(600 + index);
  const rows = 1500;
  const answersOf = (truth: Int32Array) =>
    softmax(
      Float64Array.from(
        { length: truth.length * classes },
        (_, at) => 2 * random.normal() + Number(truth[Math.floor(at / classes)] === at % classes),
      ),
      classes,
    );
  const drawn = () => Int32Array.from({ length: rows }, () => random.integer(classes));
  const truth = drawn();
  return {
    name: `${classes} classes`,
    index,
    classes,
    truth,
    scores: answersOf(truth),
    asked: answersOf(drawn()),
  };
});

const expectedCases = [
  { name: 'labels, which are probabilities of 0 and 1', isCertain: true, digits: 15 },
  { name: 'labels, and scores with ties', isCertain: true, digits: 1 },
  { name: 'probabilities', isCertain: false, digits: 15 },
  { name: 'probabilities, and scores with ties', isCertain: false, digits: 2 },
].map(({ name, isCertain, digits }, index) => {
  const random = draws(700 + index);
  const score = Float64Array.from({ length: 1500 }, () => Number(random.next().toFixed(digits)));
  const probability = score.map((value) => (isCertain ? Number(random.next() < value) : value ** 1.5));
  const answers = Float64Array.from(score, (value) => Number(value >= 0.6));
  return { name, index, score, probability, answers };
});

const welchCases = [
  { before: 4000, now: 60, rise: 0.3 },
  { before: 50, now: 700, rise: 0.25 },
].map(({ before, now, rise }, index) => {
  const random = draws(800 + index);
  const errors = (rows: number, scale: number) =>
    Float64Array.from({ length: rows }, () => Math.abs(scale * random.normal()));
  return { before: errors(before, 1), now: errors(now, 1 + rise) };
});

const near = (ours: number, theirs: number | undefined, within: number, what: string): void => {
  const distance = Math.abs(ours - (theirs ?? Number.NaN)) / Math.max(1, Math.abs(theirs ?? 0));
  expect(distance, `${what}: ${ours} against ${theirs}`).toBeLessThan(within);
};

const nearAll = (ours: Float64Array, theirs: readonly number[] | undefined): void => {
  expect(ours.length).toBe(theirs?.length);
  ours.forEach((value, place) => {
    near(value, theirs?.[place], tolerance, `place ${place}`);
  });
};

const mapOf = (input: Parameters<typeof fitCalibration>[0]): CalibrationMap => {
  const map = fitCalibration(input);
  if ('unknown' in map) throw new Error(map.unknown);
  return map;
};

const plain = (values: ArrayLike<number>): number[] => Array.from(values);

describe.skipIf(python === undefined)('the sums of the monitor', () => {
  let theirs: z.infer<typeof Answer>;

  beforeAll(() => {
    theirs = askPython({
      script: 'monitor_oracles',
      question: {
        bins: binCases.map((each) => {
          const { expectedShare, noiseBound } = driftOf(each);
          return { before: each.before, now: each.now, bound: expectedShare + noiseBound };
        }),
        heads: headCases,
        rising: risingCases.map(({ x, y, weights, asked }) => ({
          ...{ x: plain(x), y: plain(y), weights: plain(weights), asked: plain(asked) },
        })),
        calibrated: calibratedCases.map(({ classes, truth, scores, asked }) => ({
          ...{ classes, truth: plain(truth), scores: plain(scores), asked: plain(asked) },
        })),
        expected: expectedCases.map(({ probability, score, answers }) => ({
          ...{ probability: plain(probability), score: plain(score), answers: plain(answers) },
        })),
        welch: welchCases.map(({ before, now }) => ({ before: plain(before), now: plain(now) })),
      },
      answer: Answer,
    });
  });

  describe('of bins equal those of SciPy', () => {
    it.each(binCases)('KS, Jensen–Shannon and PSI: $name', (each) => {
      const { ks, js, psi } = driftOf(each);
      const known = theirs.bins[each.index];
      near(ks, known?.ks, tolerance, 'ks_2samp of the rows, each at the place of its bin');
      near(js, known?.js, tolerance, 'jensenshannon, base 2');
      near(psi, known?.psi, tolerance, 'rel_entr both ways, half a row in each bin');
    });

    it.each(binCases)('what chance moves, and its bound, in 20,000 pairs of draws: $name', (each) => {
      const { expectedShare } = driftOf(each);
      const known = theirs.bins[each.index];
      // The formula takes counts for normal, which overstates the spread of bins that expect a row or two.
      const isSparse = each.name.startsWith('bins that only');
      near(expectedShare / (known?.movedByChance ?? 0), 1, isSparse ? 0.12 : 0.02, 'share moved by chance');
      expect(known?.beyondBound).toBeLessThanOrEqual(0.01 / columns);
    });

    it('tells a move that matters from one that is only certain, as a chi-square would not', () => {
      const [moved, still] = binCases.map(driftOf);

      expect(moved?.score).toBeGreaterThan(still?.score ?? Number.NaN);
      expect(theirs.bins[0]?.chiSquare).toBeGreaterThan(21.67); // P = 0.01 at 9 degrees of freedom
      expect(moved?.score).toBeLessThan(1);
    });
  });

  it('of fair tosses equal binom.sf and binomtest, up to a million', () => {
    expect(theirs.heads.length).toBe(headCases.length);
    headCases.forEach(({ tosses, atLeast }, index) => {
      const ours = fairBinomialTail(tosses, atLeast);
      for (const [name, known = Number.NaN] of Object.entries(theirs.heads[index] ?? { missing: Number.NaN }))
        expect(
          Math.abs(ours - known),
          `${atLeast} of ${tosses}: ${ours}, ${name} ${known}`,
        ).toBeLessThanOrEqual(1e-9 * known);
    });
  });

  describe('of calibration equal those of scikit-learn', () => {
    it.each(risingCases)('IsotonicRegression: $name', ({ index, x, y, weights, asked }) => {
      nearAll(calibrate(mapOf({ scores: x, outcomes: y, weights }), asked), theirs.rising[index]);
    });

    it.each(calibratedCases)('CalibratedClassifierCV, one against the rest: $name', ({ index, ...each }) => {
      const { classes, truth, scores, asked } = each;
      const maps = Array.from({ length: classes }, (_, of) =>
        mapOf({
          scores: scores.filter((_, at) => at % classes === of),
          outcomes: Float64Array.from(truth, (label) => Number(label === of)),
        }),
      );
      nearAll(calibrateClasses(maps, asked), theirs.calibrated[index]);
    });
  });

  describe('of quality without labels equal the weighted metrics of scikit-learn', () => {
    it.each(expectedCases)('$name', ({ index, probability, score, answers }) => {
      const known = theirs.expected[index];
      near(expectedAuc(probability, score) as number, known?.auc, tolerance, 'auc');
      const ours = estimateBinary({ probability, score, answers });
      for (const measure of ['auc', 'accuracy', 'precision', 'recall', 'f1'] as const)
        near(ours[measure] as number, known?.[measure], tolerance, measure);
    });
  });

  it("of a regression's errors equal Welch's t, where chance is the stricter limit", () => {
    welchCases.forEach(({ before, now }, index) => {
      const moments = (errors: Float64Array) => measureErrors(errors, new Float64Array(errors.length));
      const judged = judgeRealisedErrors(moments(before), moments(now));
      if ('unknown' in judged) throw new Error(judged.unknown);
      near(judged.score, (theirs.welch[index] ?? Number.NaN) / 3, tolerance, 'score');
    });
  });
});
