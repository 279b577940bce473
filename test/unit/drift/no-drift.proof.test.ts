import { expect, test } from 'vitest';
import { stillStreams } from './still-streams.ts';
import { watchLanes } from './watch-lanes.ts';

/** Seconds by itself; many times that where cores are shared. */
const timeout = 180_000;

test('no lane rings in 180 runs of 20 windows in which nothing changes', { timeout }, () => {
  const kinds = stillStreams.length;
  const runs = Array.from({ length: 180 }, (_, run) => {
    const still = stillStreams[run % kinds] as (typeof stillStreams)[number];
    return watchLanes(...still(1000 + run, Math.floor(run / kinds)), 20);
  });

  expect(runs.map(({ driftAlarms }) => driftAlarms)).toEqual(runs.map(() => 0));
  expect(runs.map(({ qualityAlarms }) => qualityAlarms)).toEqual(runs.map(() => 0));
  // Nor does any single one of the 3,600 windows pass the limit: two of three are not even needed.
  expect(Math.max(...runs.map(({ largestDrift }) => largestDrift))).toBeLessThan(1);
});
