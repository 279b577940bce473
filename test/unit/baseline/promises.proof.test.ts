import { expect, test } from 'vitest';
import { comparedRows } from '../../../lib/domain/baseline/index.ts';
import { judgeWindow, profileBuilder } from '../../../lib/domain/drift/index.ts';
import { judgeLane, type LaneState, laneRuleOf } from '../../../lib/domain/lane-alarms/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import { watchStream } from '../../support/streams/index.ts';
import { stillStreams } from '../drift/still-streams.ts';
import { binaryBaseline, daily } from './small-models.ts';

const promise = { windowHours: 24, falsePageMonths: 12 };

/** Seconds by itself; many times that where cores are shared. */
const timeout = 180_000;

test('no lane is widened where nothing changes, whatever the stream', { timeout }, () => {
  const promised = stillStreams.flatMap((still) =>
    [0, 1, 2, 3].map((variant) => {
      const [stream, answer] = still(7000 + variant, variant);
      return watchStream({ stream, answer, baselineRows: 5000, promise }).baseline.promises;
    }),
  );

  expect(promised).toHaveLength(20);
  for (const promises of promised) {
    expect(promises.length).toBeGreaterThanOrEqual(3);
    expect(promises.map(({ lane, widenedBy }) => [lane, widenedBy])).toEqual(
      promises.map(({ lane }) => [lane, 1]),
    );
  }
});

const rowsADay = 600;
const validationDays = 50;
const years = 4;

/** Days whose level is their own, of the same kind for ever: pages a year with what the lane was widened by, and without. */
const pagesOf = (seed: number) => {
  const random = seededRandom(seed);
  const levels = Array.from({ length: validationDays }, () => 0.6 * random.next());
  const rows = rowsADay * validationDays;
  const baseline = binaryBaseline(
    {
      rows,
      seed,
      columns: { x1: (row, next) => next.next() + (levels[Math.floor(row / rowsADay)] ?? 0) },
      chance: (_, next) => next.next(),
    },
    { promise, times: daily(rows, rowsADay) },
  );
  const bins = baseline.columns.map((column) => column.bins);
  const windows = Array.from({ length: 365 * years }, () => {
    const builder = profileBuilder(bins);
    const level = 0.6 * random.next();
    for (let row = 0; row < rowsADay; row += 1) {
      const p = Number(random.next().toPrecision(7));
      const cells = [random.next() + level, p >= 0.5 ? 'yes' : 'no', p];
      builder.add((index) => cells[index]);
    }
    return builder.profile();
  });
  const rule = laneRuleOf('drift', promise.windowHours);
  const alarmsWith = (compared: ReturnType<typeof comparedRows>) => {
    const scores = windows.map((window) => judgeWindow(compared, window).drift?.score);
    let state: LaneState = 'ok';
    return scores.filter((_, day) => {
      const before = state;
      state = judgeLane(scores.slice(Math.max(0, day - 2), day + 1), rule, before);
      return state === 'alarm' && before !== 'alarm';
    }).length;
  };
  const { widening: _, ...asItIs } = comparedRows(baseline);
  return { kept: alarmsWith(comparedRows(baseline)), without: alarmsWith(asItIs) };
};

test('a widened lane keeps its promise in the years to come, where it would have rung for ever', {
  timeout,
}, () => {
  const models = Array.from({ length: 5 }, (_, index) => pagesOf(40 + index));

  const [kept, without] = [
    models.reduce((sum, model) => sum + model.kept, 0),
    models.reduce((sum, model) => sum + model.without, 0),
  ];
  // Five models, four years each, a page a year at most.
  expect(without).toBeGreaterThan(20 * years);
  expect(kept).toBeLessThanOrEqual(5 * years);
});
