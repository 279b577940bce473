import { describe, expect, test } from 'vitest';
import {
  type SeaConcept,
  type StaggerConcept,
  seaClass,
  seaStream,
  staggerClass,
  staggerStream,
  takeRows,
} from '../../support/streams/index.ts';
import { expectShare, rows, shareWhere } from './shares.ts';

describe('SEA', () => {
  test.each<[SeaConcept, SeaConcept, number]>([
    [0, 1, 0.085],
    [1, 2, 0.16],
    [2, 3, 0.20625],
  ])('concepts %i and %i disagree on a share of %f', (a, b, exact) => {
    const stream = seaStream({ seed: 11, concept: 0 });

    expectShare(
      shareWhere(stream, (cells) => seaClass(cells, a) !== seaClass(cells, b)),
      exact,
    );
  });

  test('turns a tenth of the labels round', () => {
    const stream = seaStream({ seed: 12, concept: 2 });

    expectShare(
      shareWhere(stream, (cells, label) => label !== seaClass(cells, 2)),
      0.1,
    );
  });

  test('changes its concept at the row and leaves the inputs as they were', () => {
    const still = takeRows(seaStream({ seed: 13, concept: 0, labelNoise: 0 }), 2000);
    const moved = takeRows(
      seaStream({ seed: 13, concept: 0, switch: { atRow: 1000, to: 3 }, labelNoise: 0 }),
      2000,
    );

    expect(moved.columns).toEqual(still.columns);
    expect(moved.labels.slice(0, 1000)).toEqual(still.labels.slice(0, 1000));
    expect(moved.labels.slice(1000)).not.toEqual(still.labels.slice(1000));
  });
});

describe('STAGGER', () => {
  /** All 27 rows there can be, each as likely as the next. */
  const everyRow = Array.from({ length: 27 }, (_, row) => [
    row % 3,
    Math.floor(row / 3) % 3,
    Math.floor(row / 9),
  ]);
  const countOf = (claim: (row: number[]) => boolean) => everyRow.filter(claim).length;

  test('says true of 3, 15 and 18 of its 27 rows', () => {
    const trues = ([0, 1, 2] as const).map((concept) => countOf((row) => staggerClass(row, concept) === 1));

    expect(trues).toEqual([3, 15, 18]);
  });

  test.each<[StaggerConcept, StaggerConcept, number]>([
    [0, 1, 16],
    [1, 2, 13],
    [0, 2, 21],
  ])('concepts %i and %i disagree on %i of 27 rows', (a, b, exact) => {
    expect(countOf((row) => staggerClass(row, a) !== staggerClass(row, b))).toBe(exact);
  });

  test('draws its rows evenly and labels them by its concept, the new one from the switch on', () => {
    const { columns, labels } = takeRows(
      staggerStream({ seed: 21, concept: 0, switch: { atRow: rows / 2, to: 2 } }),
      rows,
    );
    const right = labels.filter((label, row) => {
      const cells = columns.map((column) => column[row] as number);
      return label === staggerClass(cells, row < rows / 2 ? 0 : 2);
    });

    expect(right).toHaveLength(rows);
    for (const column of columns)
      for (const value of [0, 1, 2])
        expectShare(column.filter((cell) => cell === value).length / rows, 1 / 3);
  });
});
