import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CalibrationMap,
  calibrate,
  calibrateClasses,
  calibrator,
  fitCalibration,
} from '../../../lib/domain/quality/index.ts';

const mapOf = (scores: readonly number[], outcomes: readonly number[]): CalibrationMap =>
  CalibrationMap.parse(fitCalibration({ scores, outcomes }));

const expectClose = (given: readonly number[], expected: readonly number[], digits = 9) => {
  expect(given).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(given[index]).toBeCloseTo(value, digits);
};

const labelled = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), {
  minLength: 2,
  maxLength: 60,
});

describe('a calibration map', () => {
  test('is straight between corners and level outside of them', () => {
    const map = mapOf([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1]);

    expect(map).toMatchObject({ scores: [0.2, 0.4, 0.6, 0.8], probabilities: [0, 0.5, 0.5, 1], rows: 4 });
    const said = calibrate(map, Float64Array.of(0, 0.3, 0.5, 0.7, 0.8, 1));
    expectClose([...said], [0, 0.25, 0.5, 0.75, 1, 1]);
  });

  test('does not rise above a corner just before it, whatever rounding makes of 3/7 + (18/19 − 3/7)', () => {
    const map = {
      schemaVersion: 1,
      rows: 26,
      scores: [-1e6, 1e-11],
      probabilities: [3 / 7, 18 / 19],
    } as const;
    const said = calibrator(CalibrationMap.parse(map));

    expect(3 / 7 + (18 / 19 - 3 / 7)).toBeGreaterThan(18 / 19);
    expect(said(0)).toBeLessThanOrEqual(said(1));
  });

  test('never falls, stays within [0, 1], and survives being written down', () => {
    fc.assert(
      fc.property(labelled, fc.array(fc.double({ noNaN: true }), { minLength: 2 }), (rows, asked) => {
        const fitted = fitCalibration({ scores: rows.map(([s]) => s), outcomes: rows.map(([, y]) => y) });
        if ('unknown' in fitted) return;
        const map = CalibrationMap.parse(JSON.parse(JSON.stringify(fitted)));
        const said = [...asked, ...rows.map(([s]) => s)].sort((a, b) => a - b).map(calibrator(map));

        expect(map).toEqual(fitted);
        expect(said.every((p, index) => p >= 0 && p <= 1 && p >= (said[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(labelled, fc.nat(), (rows, turn) => {
        const at = turn % rows.length;
        const turned = [...rows.slice(at), ...rows.slice(0, at)].reverse();
        const fitted = (given: readonly (readonly [number, number])[]) =>
          fitCalibration({ scores: given.map(([s]) => s), outcomes: given.map(([, y]) => y) });

        expect(fitted(turned)).toEqual(fitted(rows));
      }),
    );
  });

  test('is unknown without labelled rows of both classes', () => {
    expect(fitCalibration({ scores: [], outcomes: [] })).toHaveProperty('unknown');
    expect(fitCalibration({ scores: [0.4], outcomes: [1] })).toHaveProperty('unknown');
    expect(fitCalibration({ scores: [0.1, 0.9], outcomes: [0, 0] })).toHaveProperty('unknown');
    const weighted = { scores: [0.1, 0.9], outcomes: [0, 1], weights: [0, 1] };
    expect(fitCalibration(weighted)).toHaveProperty('unknown');
    // Of the two that are labelled both are positive: the third is not a negative.
    expect(fitCalibration({ scores: [0.1, 0.5, 0.9], outcomes: [NaN, 1, 1] })).toHaveProperty('unknown');
  });

  test('refuses outcomes that are none, and documents that fall', () => {
    expect(() => fitCalibration({ scores: [0, 1], outcomes: [0, 2] })).toThrow('outcomes lie in [0, 1]');
    const falls = { schemaVersion: 1, rows: 2, scores: [0, 1], probabilities: [1, 0] };
    expect(CalibrationMap.safeParse(falls).success).toBe(false);
  });

  test('of each class makes rows that sum to one, even where every map says impossible', () => {
    const map = mapOf([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1]);

    const said = calibrateClasses([map, map], Float64Array.of(0.3, 0.7, 0.1, 0.1, NaN, 0.5));

    expectClose([...said.subarray(0, 4)], [0.25, 0.75, 0.5, 0.5]);
    expect([...said.subarray(4)].every(Number.isNaN)).toBe(true);
  });
});
