import { expect, test } from 'vitest';
import { sanityRows } from '../../../lib/domain/evaluation/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import type { Predictions } from '../../../lib/domain/signature/index.ts';

const { gates } = ModelSpec.parse({ name: 'demo', task: 'binary', target: 'y' });
const budgets = {
  latencyMs: { value: 1, budget: 50 },
  sizeBytes: { value: 1, budget: 50 },
  parity: { maxDifference: 0, tolerance: 1e-6 },
};

const saying = (chances: readonly number[]): Predictions => ({
  kind: 'classes',
  labels: Int32Array.from(chances, (chance) => (chance > 0.5 ? 0 : 1)),
  probabilities: Float64Array.from(chances.flatMap((chance) => [chance, 1 - chance])),
});

/** Two models that each know another half of what decides, and say what they know; the second may be `bias` too sure. */
const verdict = (rows: number, seed: number, bias = 0) => {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: rows }, () => [random.next(), random.next(), random.next()] as const);
  const indices = Int32Array.from(drawn, ([a, b, luck]) => (luck < (a + b) / 2 ? 0 : 1));
  const champion = saying(drawn.map(([a]) => a / 2 + 0.25));
  const challenger = saying(
    drawn.map(([, b]) => Math.min(1, Math.max(0, (b / 2 - 0.25) * (1 + bias) + 0.5))),
  );
  const truth = { kind: 'classes' as const, classes: ['yes', 'no'], indices };
  const table = { rows, columns: new Map() };
  const compared = {
    task: 'binary' as const,
    positiveClass: 'yes',
    gates,
    table,
    truth,
    champion,
    challenger,
  };
  return sanityRows(compared, 'binary', budgets)[0]?.verdict;
};

test('of 200 challengers as well calibrated as their champion chance fails hardly one, and of 50 that are far too sure none passes', () => {
  const honest = Array.from({ length: 200 }, (_, seed) => verdict(600, seed));
  const tooSure = Array.from({ length: 50 }, (_, seed) => verdict(600, seed, 1));

  expect(honest.filter((said) => said === 'fail').length).toBeLessThanOrEqual(2);
  expect(tooSure.filter((said) => said === 'fail').length).toBeGreaterThanOrEqual(45);
  expect(tooSure).not.toContain('pass');
});
