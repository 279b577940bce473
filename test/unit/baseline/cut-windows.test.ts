import { describe, expect, test } from 'vitest';
import { cutWindows } from '../../../lib/domain/baseline/cut-windows.ts';
import { rowsInTime } from '../../../lib/domain/baseline/row-order.ts';
import { dayMs, hourMs, start } from './small-models.ts';

const timesAt = (...days: readonly number[]) => Float64Array.from(days, (day) => start + day * dayMs);

const cut = (times: Float64Array, needed: number) =>
  cutWindows(rowsInTime(times), times, 24, needed).map(({ from, to, rows }) => [
    (from - start) / dayMs,
    (to - start) / dayMs,
    [...rows],
  ]);

describe('rows in time', () => {
  test('are the earliest first; those of unknown time are left out', () => {
    expect([...rowsInTime(timesAt(3, 1, Number.NaN, 2, 1))]).toEqual([1, 4, 3, 0]);
    expect([...rowsInTime(Float64Array.of(Number.NaN))]).toEqual([]);
    expect([...rowsInTime(new Float64Array(0))]).toEqual([]);
  });

  test('keep their order where the calendar is wide', () => {
    const wide = Float64Array.of(8.64e15, -8.64e15, start, start + 4 * hourMs, 0);

    expect([...rowsInTime(wide)]).toEqual([1, 4, 2, 3, 0]);
  });
});

describe('windows of rows', () => {
  test('are those of the calendar; short ones join the next, and the last short one is none', () => {
    const times = timesAt(0.1, 0.2, 1.1, 2.1, 2.9, 3.5);

    expect(cut(times, 2)).toEqual([
      [0, 1, [0, 1]],
      [1, 3, [2, 3, 4]],
    ]);
    expect(cut(times, 1)).toHaveLength(4);
    expect(cut(times, 7)).toEqual([]);
  });

  test('give up rows that would wait for longer than the monitor waits', () => {
    // Eight days together are looked at, nine are not; the rows after them begin anew.
    expect(cut(timesAt(0.5, 7.5, 7.6), 3)).toEqual([[0, 8, [0, 1, 2]]]);
    expect(cut(timesAt(0.5, 8.5, 8.6, 9.1, 9.2, 9.3), 3)).toEqual([[8, 10, [1, 2, 3, 4, 5]]]);
  });
});
