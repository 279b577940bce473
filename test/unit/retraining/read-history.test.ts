import { describe, expect, test } from 'vitest';
import type { Run } from '../../../lib/domain/registry/index.ts';
import { readHistory } from '../../../lib/domain/retraining/index.ts';

const nowMs = Date.parse('2026-01-09T00:00:00.000Z');

const run = (day: number, status: Run['status'], endDay = day): Run => ({
  runId: `run-${day}`,
  model: 'penguins',
  trigger: { kind: 'drift', by: 'monitor', why: 'it drifts' },
  status,
  durationsMs: {},
  startedAt: `2026-01-0${day}T00:00:00.000Z`,
  ...(status !== 'running' && { finishedAt: `2026-01-0${endDay}T12:00:00.000Z` }),
});

describe('what runs mean for the next', () => {
  test('challengers are rejected in the order they ended, not in that they began', () => {
    const runs = [run(3, 'rejected', 3), run(2, 'succeeded', 4), run(1, 'rejected', 5)];

    expect(readHistory({ runs, batches: [], nowMs }).rejections).toEqual({
      count: 1,
      lastAt: '2026-01-05T12:00:00.000Z',
    });
  });

  test('a run that failed, or whose data was refused, is no rejection and ends no series of them', () => {
    const runs = [
      run(5, 'failed'),
      run(4, 'rejected'),
      run(3, 'refused'),
      run(2, 'rejected'),
      run(1, 'succeeded'),
    ];

    expect(readHistory({ runs, batches: [], nowMs }).rejections).toEqual({
      count: 2,
      lastAt: '2026-01-04T12:00:00.000Z',
    });
  });

  test('one that waits for an approval is under way', () => {
    expect(readHistory({ runs: [run(2, 'failed'), run(1, 'running')], batches: [], nowMs }).runInFlight).toBe(
      'run-1',
    );
  });
});
