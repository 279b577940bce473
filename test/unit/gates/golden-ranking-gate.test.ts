import { describe, expect, test } from 'vitest';
import { goldenRankingGate } from '../../../lib/domain/gates/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';

/** `rows` rows, every tenth positive, ranked well, or by chance. */
const story = (rows: number, seed: number) => {
  const random = seededRandom(seed);
  const truth = Float64Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 1 : 0));
  const ranked = () => truth.map((positive) => random.next() + positive * 0.6);
  return { truth, ranked };
};

/** The AUC pair by pair. */
const aucOf = (truth: Float64Array, scores: Float64Array) => {
  let [won, pairs] = [0, 0];
  truth.forEach((positive, i) => {
    if (positive === 0) return;
    truth.forEach((other, j) => {
      if (other === 1) return;
      pairs += 1;
      won += Math.sign((scores[i] as number) - (scores[j] as number)) / 2 + 0.5;
    });
  });
  return won / pairs;
};

describe('no worse a ranking of the golden set', () => {
  test('the loss is the difference of the two areas, ties counted half', () => {
    const { truth, ranked } = story(400, 1);
    const champion = ranked().map((score) => Math.round(score * 10));
    const challenger = ranked().map((score) => Math.round(score * 8));

    const { numbers } = goldenRankingGate({ truth, champion, challenger });

    expect(numbers.loss).toBeCloseTo(aucOf(truth, champion) - aucOf(truth, challenger), 12);
  });

  test('the bound holds 95 times in 100: of 400 pairs equally good about 20 seem worse beyond it', () => {
    let isBeyond = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const { truth, ranked } = story(600, seed);
      const { numbers } = goldenRankingGate({ truth, champion: ranked(), challenger: ranked() });
      if ((numbers.bound as number) < 0) isBeyond += 1;
    }

    expect(isBeyond).toBeGreaterThanOrEqual(9);
    expect(isBeyond).toBeLessThanOrEqual(33);
  });

  test('the same answers pass with no loss, the contrary fails', () => {
    const { truth, ranked } = story(1000, 3);
    const champion = ranked();

    expect(goldenRankingGate({ truth, champion, challenger: champion })).toMatchObject({
      verdict: 'pass',
      numbers: { loss: 0, bound: 0 },
    });
    const contrary = champion.map((score) => -score);
    expect(goldenRankingGate({ truth, champion, challenger: contrary }).verdict).toBe('fail');
  });

  test('rows without an answer, or few of one class, are unknown', () => {
    const { truth, ranked } = story(1000, 4);
    const champion = ranked();
    const judged = (changes: object) =>
      goldenRankingGate({ truth, champion, challenger: champion, ...changes }).verdict;

    expect(judged({ challenger: champion.with(7, Number.NaN) })).toBe('unknown');
    expect(judged({ challenger: champion.subarray(1) })).toBe('unknown');
    expect(judged({ truth: truth.map((_, row) => (row < 24 ? 1 : 0)) })).toBe('unknown');
    expect(judged({ truth: truth.map((_, row) => (row < 25 ? 1 : 0)) })).toBe('pass');
  });
});
