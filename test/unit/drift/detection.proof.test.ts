import { describe, expect, test } from 'vitest';
import { columnDrift, judgeWindow, numberBins, profileBuilder } from '../../../lib/domain/drift/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import { type NormalOptions, normalDraws, normalStream, watchStream } from '../../support/streams/index.ts';

const baselineRows = 10_000;
/** 18 columns and what is predicted twice, as class and as probability: d = 20. */
const dimensions = 18;
const watchedColumns = 20;

const baselines = 10;
const windowsEach = 30;

/** 300 windows of 1,000 rows in which the first column has changed, 30 against each of ten baselines. */
const trialsOf = (change: NormalOptions['change'], firstSeed: number) =>
  Array.from({ length: baselines }, (_, index) => {
    const seed = firstSeed + index;
    const stream = normalStream({ seed, dimensions, changeAtRow: baselineRows, change });
    const answer = (cells: Float64Array) => ((cells[dimensions - 1] as number) > 0 ? 1 : 0);
    const { baseline, nextWindow } = watchStream({ stream, answer, baselineRows });
    expect(baseline.columns).toHaveLength(watchedColumns);
    return Array.from({ length: windowsEach }, () => judgeWindow(baseline, nextWindow(1000).profile));
  }).flat();

type Trials = ReturnType<typeof trialsOf>;

const driftScores = (trials: Trials) => trials.map(({ drift }) => drift?.score ?? Number.NaN);

/** Windows whose largest mover is the column that changed, past the limit. */
const foundIn = (trials: Trials) =>
  trials.filter(({ columns: [first] }) => first?.name === 'x1' && first.score >= 1).length;

/** 300 windows of 100,000 rows of one column out of twenty. */
const largeWindowScores = (shift: number) =>
  Array.from({ length: baselines }, (_, index) => {
    const draw = normalDraws(seededRandom(900 + index));
    const values = Float64Array.from({ length: baselineRows }, draw);
    const bins = [numberBins(values)];
    const countsOf = (rows: number, next: (row: number) => number) => {
      const builder = profileBuilder(bins);
      for (let row = 0; row < rows; row += 1) {
        const value = next(row);
        builder.add(() => value);
      }
      return builder.profile().columns[0]?.counts as number[];
    };
    const before = countsOf(baselineRows, (row) => values[row] as number);
    return Array.from(
      { length: windowsEach },
      () =>
        columnDrift(
          before,
          countsOf(100_000, () => draw() + shift),
          watchedColumns,
        )?.score as number,
    );
  }).flat();

/** Windows whose data-quality lane breaches, and for the values that are gone. */
const missedIn = (trials: Trials) =>
  trials.filter(
    ({ dataQuality: { score, because } }) => score >= 1 && because.startsWith('the missing share of "x1"'),
  ).length;

/** Seconds by itself; many times that where cores are shared. */
const timeout = 180_000;

describe('of 300 windows of 1,000 rows against baselines of 10,000, 20 columns watched', { timeout }, () => {
  test('a shift by half a standard deviation is found in all', () => {
    const trials = trialsOf((value) => value + 0.5, 500);

    expect(foundIn(trials)).toBe(300);
  });

  test('a spread half as wide again is found in all', () => {
    const trials = trialsOf((value) => 1.5 * value, 600);

    expect(foundIn(trials)).toBe(300);
  });

  test('a shift by a tenth of a standard deviation is drift in none, nor with 100,000 rows', () => {
    const trials = trialsOf((value) => value + 0.1, 700);
    const large = largeWindowScores(0.1);

    expect(trials).toHaveLength(300);
    expect(Math.max(...driftScores(trials))).toBeLessThan(1);
    expect(large).toHaveLength(300);
    expect(Math.max(...large)).toBeLessThan(1);
  });

  test('a tenth of the values gone is bad data in all and drift in none', () => {
    let row = 0;
    const everyTenthGone = (value: number) => (row++ % 10 === 0 ? Number.NaN : value);
    const trials = trialsOf(everyTenthGone, 800);

    expect(missedIn(trials)).toBe(300);
    expect(Math.max(...driftScores(trials))).toBeLessThan(1);
  });

  test('values gone by a chance of a tenth are bad data in all; more than a tenth by luck may be drift', () => {
    const trials = trialsOf((value, random) => (random.next() < 0.1 ? Number.NaN : value), 800);

    expect(missedIn(trials)).toBe(300);
    // 15 of 9,000 windows in a longer run; more than 4 of 300 would come once in 5,000 such tests.
    expect(driftScores(trials).filter((score) => !(score < 1)).length).toBeLessThanOrEqual(4);
  });
});
