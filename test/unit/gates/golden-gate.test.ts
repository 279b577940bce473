import { describe, expect, test } from 'vitest';
import { goldenGate } from '../../../lib/domain/gates/index.ts';

/** A model that is wrong on the rows named and right on the others. */
const wrongOn = (rows: number, from: number, to: number) =>
  Array.from({ length: rows }, (_, row) => (row >= from && row < to ? 0 : 1));
const whole = (champion: readonly number[], challenger: readonly number[]) =>
  goldenGate({ task: 'classes', champion, challenger })[0];

describe('no worse on the golden set', () => {
  test('10 rows lost of 1,000 pass, 14 do not: the bound decides, not the mean', () => {
    const champion = wrongOn(1000, 0, 0);
    const ten = whole(champion, wrongOn(1000, 0, 10));
    const fourteen = whole(champion, wrongOn(1000, 0, 14));

    // mean .01, sd √(.01·.99·1000/999): .01 + 1.645·.0995487/√1000 = .0151785.
    expect(ten?.numbers.bound).toBeCloseTo(0.0151785, 6);
    expect(ten?.verdict).toBe('pass');
    expect(fourteen?.numbers.loss).toBeCloseTo(0.014, 12);
    expect(fourteen?.numbers.bound as number).toBeGreaterThan(0.02);
    expect(fourteen?.verdict).toBe('fail');
  });

  test('a challenger that mends as many rows as it breaks has lost nothing, yet its noise counts', () => {
    const quiet = whole(wrongOn(1000, 0, 10), wrongOn(1000, 10, 20));
    const loud = whole(wrongOn(1000, 0, 100), wrongOn(1000, 100, 200));

    expect([quiet?.numbers.loss, loud?.numbers.loss]).toEqual([0, 0]);
    expect([quiet?.verdict, loud?.verdict]).toEqual(['pass', 'too-few-rows']);
  });

  test('rows that cannot tell are too few, unless they show a loss all the same', () => {
    // 1,000 rows, the models differ on 200: 3.971·√(.2/999) = .0562 > .02. A loss shows from 2.326·.0141 = .033 on.
    const judged = (broken: number) =>
      whole(wrongOn(1000, 0, 200 - broken), wrongOn(1000, 200 - broken, 200));

    expect(judged(115)?.numbers.loss).toBeCloseTo(0.03, 12);
    expect([judged(115), judged(118)].map((row) => row?.verdict)).toEqual(['too-few-rows', 'fail']);
    expect(judged(115)?.because).toContain('so few rows cannot tell');
  });

  test('the loss that is tolerated can be set', () => {
    const [champion, challenger] = [wrongOn(1000, 0, 0), wrongOn(1000, 0, 14)];
    const judged = goldenGate({ task: 'classes', champion, challenger, maxLoss: 0.03 })[0];

    expect(judged).toMatchObject({ verdict: 'pass', limit: 0.03 });
    expect(judged?.because).toContain('less than 0.03 is asked');
  });

  test('swapping the models turns the loss round and keeps its noise', () => {
    const [one, two] = [wrongOn(600, 0, 30), wrongOn(600, 20, 75)];
    const [there, back] = [whole(one, two), whole(two, one)];

    expect(there?.numbers.loss).toBeCloseTo(-(back?.numbers.loss as number), 14);
    const noise = (row: typeof there) => (row?.numbers.bound as number) - (row?.numbers.loss as number);
    expect(noise(there)).toBeCloseTo(noise(back), 14);
  });

  test('the worst of many small slices looks bad by chance, and only a loss beyond that fails it', () => {
    // 20 slices of 239 rows; in the first the models differ on 27 rows, of which the challenger loses `lost`.
    const size = 239;
    const slices = Object.fromEntries(
      Array.from({ length: 20 }, (_, slice) => [
        `origin ${slice}`,
        Array.from({ length: size }, (_, row) => slice * size + row),
      ]),
    );
    const first = (lost: number) =>
      goldenGate({
        task: 'classes',
        champion: wrongOn(20 * size, 0, 27 - lost),
        challenger: wrongOn(20 * size, 27 - lost, 27),
        slices,
      })[1];

    // Loss 13/239 = .054 at a standard error of .021: 2.5 of them, and of 20 slices one does that by chance.
    expect(first(20)).toMatchObject({ subject: 'origin 0', verdict: 'too-few-rows' });
    // Every row on which they differ: 27/239 = .113, 5.5 standard errors. From √(2·ln(20/.02)) = 3.7 on it shows.
    expect(first(27)?.verdict).toBe('fail');
  });

  test('a slice is judged from 200 rows on, and says when it has fewer', () => {
    const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    const judged = goldenGate({
      task: 'classes',
      champion: wrongOn(5000, 0, 0),
      challenger: wrongOn(5000, 0, 20),
      slices: { 'origin = JFK': rows(0, 200), 'origin = LGA': rows(0, 199), 'origin = EWR': [] },
    });

    expect(judged.map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ['all rows', 'pass'],
      ['origin = JFK', 'fail'],
      ['origin = LGA', 'too-few-rows'],
      ['origin = EWR', 'too-few-rows'],
    ]);
    expect(judged[2]?.because).toBe('199 golden rows, 200 are needed to tell');
  });

  test('no rows are unknown, a handful too few, and rows one model did not answer unknown', () => {
    expect(whole([], [])?.verdict).toBe('unknown');
    expect(whole([1], [1])?.verdict).toBe('too-few-rows');
    expect(whole(wrongOn(300, 0, 0), wrongOn(299, 0, 0))?.verdict).toBe('unknown');
  });
});

describe('no worse on the golden set, for values', () => {
  const errors = Array.from({ length: 400 }, (_, row) => 1 + (row % 5));
  const judge = (challenger: readonly number[], champion: readonly number[] = errors) =>
    goldenGate({ task: 'values', champion, challenger })[0];

  test('an error 1 % larger on every row passes, 3 % larger fails, in any unit', () => {
    for (const unit of [1, 1e-6, 1e6]) {
      const mine = (by: number) =>
        judge(
          errors.map((e) => e * by * unit),
          errors.map((e) => e * unit),
        );
      expect(mine(1.01)?.numbers.bound).toBeCloseTo(0.01, 10);
      expect([mine(1.01)?.verdict, mine(1.03)?.verdict]).toEqual(['pass', 'fail']);
    }
  });

  test('the bound is that of a ratio, by hand', () => {
    // Errors 2 and 2 against 1 and 3, 200 times each: R = 1, d = ∓½, sd = .5·√(400/399).
    const champion = errors.map(() => 2);
    const judged = judge(
      errors.map((_, row) => (row % 2 === 0 ? 1 : 3)),
      champion,
    );

    expect(judged?.numbers.loss).toBe(0);
    expect(judged?.numbers.bound).toBeCloseTo((1.645 * 0.5) / Math.sqrt(399), 12);
  });

  test('a champion without error is matched only by a challenger without error', () => {
    const none = errors.map(() => 0);

    expect([judge(none, none)?.verdict, judge(errors, none)?.verdict]).toEqual(['pass', 'fail']);
    expect(judge(errors, none)?.numbers.bound).toBeNull();
  });
});
