import { describe, expect, test } from 'vitest';
import {
  type BaselineColumn,
  presenceBins,
  vanishedColumns,
  withoutColumns,
} from '../../../lib/domain/drift/index.ts';

const counts = (present: number, missing: number) => ({ counts: [present, missing], outside: 0, wrong: 0 });

const column = (
  name: string,
  present: number,
  missing: number,
  of: BaselineColumn['of'] = 'feature',
): BaselineColumn => ({ name, of, bins: presenceBins, counts: counts(present, missing) });

const baseline = {
  rows: 1000,
  columns: [
    column('age', 1000, 0),
    column('note', 100, 900),
    column('unused', 0, 1000),
    column('predicted class', 1000, 0, 'prediction'),
  ],
};

const window = (rows: number, present: readonly number[]) => ({
  rows,
  columns: present.map((count) => counts(count, rows - count)),
});

describe('a feature', () => {
  test('that no row has any more is gone; one that never had a value, or is predicted, is not', () => {
    expect(vanishedColumns(baseline, window(500, [0, 0, 0, 0]))).toEqual(['age', 'note']);
    expect(vanishedColumns(baseline, window(500, [1, 1, 0, 0]))).toEqual([]);
  });

  test('that few rows had may be missing from a few rows by chance', () => {
    // 0.9^56 = 0.0027 is chance enough at α/d = 0.0025, 0.9^57 = 0.0025 no more.
    expect(vanishedColumns(baseline, window(56, [56, 0, 0, 56]))).toEqual([]);
    expect(vanishedColumns(baseline, window(57, [57, 0, 0, 57]))).toEqual(['note']);
  });

  test('is not gone from a window without rows, nor where its values are of the wrong kind', () => {
    expect(vanishedColumns(baseline, window(0, [0, 0, 0, 0]))).toEqual([]);
    const wrong = { rows: 9, columns: [{ counts: [0, 0], outside: 0, wrong: 9 }] };
    expect(vanishedColumns({ rows: 1000, columns: [column('age', 1000, 0)] }, wrong)).toEqual([]);
  });

  test('that is captured no more is left out of both sides, and what is predicted never', () => {
    const left = withoutColumns(baseline, window(9, [9, 8, 7, 6]), ['note', 'predicted class']);

    expect(left.compared.columns.map(({ name }) => name)).toEqual(['age', 'unused', 'predicted class']);
    expect(left.profile.columns.map(({ counts: [present] }) => present)).toEqual([9, 7, 6]);
  });
});
