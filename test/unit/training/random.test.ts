import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawIndices, seededRandom, xoshiro128 } from '../../../lib/domain/random/index.ts';

const first = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

test('the stream is xoshiro128** 1.1: the first words that its authors’ C gives from the state 1, 2, 3, 4', () => {
  const { nextUint32 } = xoshiro128([1, 2, 3, 4]);

  expect(Array.from({ length: 6 }, nextUint32)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492,
  ]);
});

test('the same seed gives the same numbers, another seed others', () => {
  expect(first(7, 100)).toEqual(first(7, 100));
  expect(first(7, 100)).not.toEqual(first(8, 100));
});

test('numbers are spread evenly over [0, 1)', () => {
  const numbers = first(3, 100_000);
  const counts = new Array<number>(10).fill(0);
  for (const number of numbers) counts[Math.floor(number * 10)] = (counts[Math.floor(number * 10)] ?? 0) + 1;

  // Chi-square with 9 degrees of freedom: 27.9 is passed once in a thousand seeds, and this seed is fixed.
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(27.9);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
});

test('a draw takes exactly as many as asked, each once, both sides in order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.nat(),
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      (total, part, seed) => {
        const count = part % (total + 1);
        const drawn = new Int32Array(total);

        drawIndices({ random: seededRandom(seed), total, count, drawn });

        const taken = [...drawn.subarray(0, count)];
        const left = [...drawn.subarray(count)];
        expect(taken).toEqual(taken.toSorted((a, b) => a - b));
        expect(left).toEqual(left.toSorted((a, b) => a - b));
        expect([...taken, ...left].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: total }, (_, index) => index),
        );
      },
    ),
  );
});

test('every index is drawn about equally often', () => {
  const random = seededRandom(5);
  const drawn = new Int32Array(10);
  const counts = new Array<number>(10).fill(0);
  for (let round = 0; round < 10_000; round += 1) {
    drawIndices({ random, total: 10, count: 3, drawn });
    for (const index of drawn.subarray(0, 3)) counts[index] = (counts[index] ?? 0) + 1;
  }

  // Expected 3,000 each; four standard deviations are 183.
  expect(Math.max(...counts.map((count) => Math.abs(count - 3000)))).toBeLessThan(183);
});
