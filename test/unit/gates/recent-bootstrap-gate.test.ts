import { describe, expect, test } from 'vitest';
import { recentBootstrapGate } from '../../../lib/domain/gates/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';

const numbers = (count: number, of: (row: number) => number) =>
  Array.from({ length: count }, (_, row) => of(row));

const bootstrap = (input: Partial<Parameters<typeof recentBootstrapGate>[0]>) =>
  recentBootstrapGate({
    random: seededRandom(7),
    measure: 'error',
    truth: [],
    champion: [],
    challenger: [],
    ...input,
  });

describe('better on recent rows, scores and values', () => {
  const random = seededRandom(1);
  const truth = numbers(1000, () => random.next() * 10);
  const noisy = (width: number) => truth.map((value) => value + (random.next() - 0.5) * width);
  const [coarse, fine] = [noisy(2), noisy(1)];

  test('half the error is a gain of about a half, beyond chance, and the other way round a loss', () => {
    const better = bootstrap({ truth, champion: coarse, challenger: fine });
    const worse = bootstrap({ truth, champion: fine, challenger: coarse });

    expect(better.verdict).toBe('pass');
    expect(better.numbers.gain).toBeCloseTo(0.5, 1);
    expect(better.numbers.low as number).toBeLessThan(better.numbers.gain as number);
    expect(worse.verdict).toBe('fail');
  });

  test('the lower end lies 1.645 standard errors below the gain', () => {
    const champion = truth.map((value) => value + 1);
    const challenger = truth.map((value, row) => value + (row % 2 === 0 ? 0 : 1));

    const { numbers: found } = bootstrap({ truth, champion, challenger });

    // Errors of 0 and 1, half and half: mean .5, standard error √(.25/1000) = .0158.
    expect(found.gain).toBeCloseTo(0.5, 12);
    expect(found.low as number).toBeGreaterThan(0.5 - 1.645 * 0.0158 - 0.003);
    expect(found.low as number).toBeLessThan(0.5 - 1.645 * 0.0158 + 0.003);
  });

  test('a gain that hangs on one row may be chance, and a sure gain of 0.2 % is not worth a roll-out', () => {
    const zeros = numbers(500, () => 0);
    const ones = numbers(500, () => 1);

    const lucky = bootstrap({
      truth: zeros,
      champion: [10, ...ones.slice(1)],
      challenger: [0, ...ones.slice(1)],
    });
    const small = bootstrap({ truth: zeros, champion: ones, challenger: ones.map((error) => error * 0.998) });

    // Of 509 parts of error 10 go away, but e⁻¹ of the draws miss that row and gain nothing.
    expect(lucky).toMatchObject({ verdict: 'fail', numbers: { low: 0 } });
    expect(lucky.numbers.gain).toBeCloseTo(10 / 509, 12);
    expect(small.verdict).toBe('fail');
    expect(small.numbers.low).toBeCloseTo(0.002, 10);
  });

  test('the same seed gives the same row of the table', () => {
    const input = { truth, champion: coarse, challenger: fine };

    expect(bootstrap(input)).toEqual(bootstrap(input));
  });

  test('AUC: a model that ranks gains on one that does not, with ties counted half', () => {
    const classes = numbers(600, (row) => row % 2);
    const flat = numbers(600, () => 0.5);
    const ranked = numbers(600, (row) => (row % 2) * 0.5 + ((row * 37) % 100) / 100);

    const better = bootstrap({ measure: 'auc', truth: classes, champion: flat, challenger: classes });
    const some = bootstrap({ measure: 'auc', truth: classes, champion: flat, challenger: ranked });
    const same = bootstrap({ measure: 'auc', truth: classes, champion: ranked, challenger: ranked });

    expect(better.numbers).toEqual({ rows: 600, gain: 0.5, low: 0.5 });
    expect([better.verdict, some.verdict, same.verdict]).toEqual(['pass', 'pass', 'fail']);
    expect(same.numbers).toEqual({ rows: 600, gain: 0, low: 0 });
  });

  test('too few rows, too few of a class, unequal rows and missing answers are told apart', () => {
    const oneClass = numbers(600, () => 1);
    const verdict = (input: Parameters<typeof bootstrap>[0]) => bootstrap(input).verdict;

    expect(verdict({})).toBe('too-few-rows');
    expect(verdict({ truth: [1], champion: [1], challenger: [2] })).toBe('too-few-rows');
    expect(verdict({ measure: 'auc', truth: oneClass, champion: oneClass, challenger: oneClass })).toBe(
      'too-few-rows',
    );
    expect(verdict({ truth, champion: coarse, challenger: fine.slice(1) })).toBe('unknown');
    expect(verdict({ truth, champion: coarse, challenger: [...fine.slice(1), Number.NaN] })).toBe('unknown');
    expect(verdict({ truth, champion: truth, challenger: truth })).toBe('fail');
  });
});
