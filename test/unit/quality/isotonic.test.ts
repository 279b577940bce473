import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CalibrationMap, calibrator, fitIsotonic } from '../../../lib/domain/quality/index.ts';

/** The fitted line as the calibration map draws it, which lies within [0, 1]. */
const valuesAt = ({ x, y }: { x: readonly number[]; y: readonly number[] }, at: readonly number[]) => {
  const range = 100;
  const map: CalibrationMap = {
    schemaVersion: 1,
    rows: 1,
    scores: [...x],
    probabilities: y.map((value) => value / range),
  };
  return at.map((value) => calibrator(map)(value) * range);
};

const expectClose = (given: readonly number[], expected: readonly number[], digits = 9) => {
  expect(given).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(given[index]).toBeCloseTo(value, digits);
};

describe('isotonic regression', () => {
  test('pools what falls into its weighted mean', () => {
    const x = [1, 2, 3, 4, 5, 6, 7];

    expectClose(valuesAt(fitIsotonic({ x, y: [3, 7, 5, 9, 8, 7, 10] }), x), [3, 6, 6, 8, 8, 8, 10]);
    // (2·41 + 3·51 + 4·1 + 5·2 + 6·5) / 20 = 13.95
    const weighted = fitIsotonic({ x, y: [1, 41, 51, 1, 2, 5, 24], weights: x });
    expectClose(valuesAt(weighted, x), [1, 13.95, 13.95, 13.95, 13.95, 13.95, 24]);
  });

  test('takes rows of one x as one point of their mean and weight', () => {
    expectClose(
      valuesAt(fitIsotonic({ x: [0, 1, 1, 2, 3, 4], y: [0, 0, 1, 0, 0, 1] }), [0, 1, 2, 3, 4]),
      [0, 0.25, 0.25, 0.25, 1],
    );
    const x = [8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14];
    const y = [21, 23.5, 23, 24, 21, 25, 21.5, 22, 19, 23.5, 25];
    const mean = 200 / 9;
    expectClose(valuesAt(fitIsotonic({ x, y }), [8, 10, 12, 14]), [mean, mean, mean, 24.25]);
  });

  test('knows no row that has no weight, no place or no value', () => {
    const known = { x: [1, 2], y: [0, 1] };

    expect(fitIsotonic({ x: [1, 0, 2], y: [0, 9, 1], weights: [1, 0, 3] })).toEqual(known);
    expect(fitIsotonic({ x: [1, NaN, 2, 5], y: [0, 1, 1, NaN] })).toEqual(known);
    expect(() => fitIsotonic({ x: [1, 2], y: [1] })).toThrow('2 x, 1 y');
  });

  test('keeps the corners of the line and drops what lies on a level stretch', () => {
    expect(fitIsotonic({ x: [1, 2, 3, 4], y: [0, 0, 0, 1] })).toEqual({ x: [1, 3, 4], y: [0, 0, 1] });
    expect(fitIsotonic({ x: [], y: [] })).toEqual({ x: [], y: [] });
  });

  test('is the max-min of all means, whatever the weights', () => {
    const points = fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 15,
    });
    fc.assert(
      fc.property(points, (pairs) => {
        const mean = (from: number, to: number) => {
          const part = pairs.slice(from, to + 1);
          return part.reduce((sum, [y, w]) => sum + y * w, 0) / part.reduce((sum, [, w]) => sum + w, 0);
        };
        const x = [...pairs.keys()];
        const expected = x.map((i) =>
          Math.max(...x.slice(0, i + 1).map((a) => Math.min(...x.slice(i).map((b) => mean(a, b))))),
        );

        const fit = fitIsotonic({ x, y: pairs.map(([y]) => y), weights: pairs.map(([, w]) => w) });

        expectClose(valuesAt(fit, x), expected);
      }),
    );
  });
});
