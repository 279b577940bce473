import { describe, expect, test } from 'vitest';
import {
  hyperplaneClass,
  hyperplaneStream,
  ledBayesClass,
  ledDigits,
  ledLikelihood,
  ledStream,
  takeRows,
} from '../../support/streams/index.ts';
import { expectShare, shareWhere } from './shares.ts';

describe('LED', () => {
  test('can be read rightly in 74.002 % of the rows, and is', () => {
    const patterns = Array.from({ length: 128 }, (_, bits) =>
      Array.from({ length: 7 }, (_, at) => (bits >> at) & 1),
    );
    const exact = patterns
      .map((seen) => Math.max(...ledDigits.map((_, digit) => ledLikelihood(seen, digit, 0.1))) / 10)
      .reduce((sum, share) => sum + share, 0);
    const found = shareWhere(
      ledStream({ seed: 31, concept: 0 }),
      (seen, label) => ledBayesClass(seen) === label,
    );

    expect(exact).toBeCloseTo(0.74002, 5);
    expectShare(found, exact);
  });

  test('has 24 columns with the coins, and the coins know nothing', () => {
    const stream = ledStream({ seed: 32, concept: 0, hasIrrelevant: true });

    expect(stream.columns).toHaveLength(24);
    expectShare(
      shareWhere(stream, (cells, label) => cells[20] === 1 && label < 5),
      0.25,
    );
  });

  test('loses its first segments to the coins when its concept changes', () => {
    const stream = ledStream({ seed: 33, concept: 7, hasIrrelevant: true });

    expectShare(
      shareWhere(stream, (cells, label) => ledBayesClass(cells.subarray(7, 14)) === label),
      0.74002,
    );
  });
});

describe('the hyperplane', () => {
  test('is what its weights say, but for 5 % of the labels', () => {
    const stream = hyperplaneStream({ seed: 41 });

    expectShare(
      shareWhere(stream, (cells, label) => label !== hyperplaneClass(cells, stream.weights)),
      0.05,
    );
  });

  test('turns while its weights drift', () => {
    const stream = hyperplaneStream({ seed: 42, changePerRow: 0.001, turnShare: 0 });
    const before = stream.weights.slice();
    takeRows(stream, 1000);

    expect(stream.weights[0]).toBeCloseTo((before[0] as number) + 1, 9);
    expect(stream.weights[1]).toBeCloseTo((before[1] as number) + 1, 9);
    expect(stream.weights.slice(2)).toEqual(before.slice(2));
  });

  test('tips over at the row it is told and leaves the inputs as they were', () => {
    const still = takeRows(hyperplaneStream({ seed: 43, labelNoise: 0 }), 2000);
    const tipping = hyperplaneStream({ seed: 43, labelNoise: 0, switchAtRow: 1000 });
    const moved = takeRows(tipping, 2000);

    expect(moved.columns).toEqual(still.columns);
    expect(moved.labels.slice(0, 1000)).toEqual(still.labels.slice(0, 1000));
    const agreeing = moved.labels.filter((label, row) => row >= 1000 && label === still.labels[row]);
    expect(agreeing.length).toBeLessThan(700);
  });
});
