import { describe, expect, test } from 'vitest';
import { sqliteAlarmBook } from '../../../lib/adapters/local/sqlite-alarm-book.ts';
import {
  alarmSpanHours,
  judgeLane,
  type LaneState,
  laneRuleOf,
} from '../../../lib/domain/lane-alarms/index.ts';
import { localStores } from '../../support/index.ts';

const none = undefined;

describe('a lane', () => {
  test.each<[string, readonly (number | undefined)[], LaneState, LaneState]>([
    ['rings at two breaches of three', [1, 0.2, 1.4], 'ok', 'alarm'],
    ['counts a score of exactly 1 as a breach', [0, 1, 1], 'ok', 'alarm'],
    ['does not ring at one breach of three', [0.9, 0.2, 7], 'ok', 'ok'],
    ['stays as it was where nothing but breaches is known', [none, none, 7], 'ok', 'ok'],
    ['stays in alarm where nothing but breaches is known', [none, none, 7], 'alarm', 'alarm'],
    ['stays in alarm where nothing is known', [none, none, none], 'alarm', 'alarm'],
    ['is over when all that is known is good', [none, none, 0], 'alarm', 'ok'],
    ['is over when too few of what is known are breaches', [0, none, 7, none, none], 'alarm', 'ok'],
    ['is over when one gap cannot decide any more', [0, 0, none], 'alarm', 'ok'],
    ['looks past gaps at older points', [1, 1, none, 0, none], 'ok', 'alarm'],
    ['knows nothing without points', [none, none, none], 'unknown', 'unknown'],
  ])('of drift %s', (_, scores, before, after) => {
    expect(judgeLane(scores, laneRuleOf('drift', 1), before)).toBe(after);
  });

  test.each<[string, readonly (number | undefined)[], LaneState]>([
    ['rings when two windows were empty', [1, 1], 'alarm'],
    ['rings when nothing is heard at all', [none, none], 'alarm'],
    ['takes a gap for an empty window', [1, none], 'alarm'],
    ['is well after one window with rows', [1, 0], 'ok'],
  ])('of freshness %s', (_, scores, after) => {
    expect(judgeLane(scores, laneRuleOf('freshness', 1), 'ok')).toBe(after);
  });

  test('of freshness does not ring after each week while its point is still to be written', () => {
    const weekly = laneRuleOf('freshness', 168);

    expect(weekly).toEqual({ breaches: 1, outOf: 1, whenMissing: 'ignore' });
    expect(judgeLane([none], weekly, 'ok')).toBe('ok');
    expect(judgeLane([1], weekly, 'ok')).toBe('alarm');
    expect(laneRuleOf('freshness', 84)).toMatchObject({ outOf: 2, whenMissing: 'breaching' });
  });
});

test.each([
  [1, { breaches: 2, outOf: 3 }, 3],
  [56, { breaches: 2, outOf: 3 }, 168],
  [72, { breaches: 2, outOf: 2 }, 144],
  [168, { breaches: 1, outOf: 1 }, 168],
])(
  'windows of %i hours are looked at as far back as CloudWatch does, a week, on a laptop as well',
  (hours, rule, span) => {
    expect(laneRuleOf('drift', hours)).toMatchObject(rule);
    expect(alarmSpanHours(hours)).toBe(span);
  },
);

/** The example tables of CloudWatch's documentation: 0 is a point below the limit, X one that breaches it, - none. */
describe('gaps are judged as CloudWatch documents it', () => {
  const kept = 'unknown';
  const rows: readonly [string, number, LaneState, LaneState, LaneState][] = [
    ['0 - X - X', 3, 'ok', 'ok', 'ok'],
    ['0 - - - -', 3, 'ok', 'ok', 'ok'],
    ['- - - - -', 3, kept, 'alarm', 'ok'],
    ['0 X X - X', 3, 'alarm', 'alarm', 'alarm'],
    ['- - X - -', 3, kept, 'alarm', 'ok'],
    ['0 - X - X', 2, 'alarm', 'alarm', 'alarm'],
    ['0 0 X 0 X', 2, 'alarm', 'alarm', 'alarm'],
    ['0 - X - -', 2, 'ok', 'alarm', 'ok'],
    ['- - - - 0', 2, 'ok', 'alarm', 'ok'],
    ['- - - X -', 2, kept, 'alarm', 'ok'],
  ];

  test.each(rows)('%s at %i of 3', (points, breaches, ignore, breaching, notBreaching) => {
    const scores = points.split(' ').map((point) => ({ '0': 0, X: 1 })[point]);
    const judge = (whenMissing: 'ignore' | 'breaching' | 'not-breaching') =>
      judgeLane(scores, { breaches, outOf: 3, whenMissing }, 'unknown');

    expect([judge('ignore'), judge('breaching'), judge('not-breaching')]).toEqual([
      ignore,
      breaching,
      notBreaching,
    ]);
  });
});

describe('alarms on a laptop', () => {
  const hour = 3_600_000;
  /** Scores of successive hours up to the one under way, and the state they make. */
  const stateAfter = async (scores: readonly (number | undefined)[]) => {
    const { database, metrics, clock, remove } = localStores();
    const alarms = sqliteAlarmBook({ database, clock });
    const alarm = {
      model: 'lamps',
      lane: 'drift' as const,
      version: 1,
      windowHours: 1,
      ...laneRuleOf('drift', 1),
    };
    await alarms.ensure([alarm]);
    for (const score of scores) {
      await clock.advance(hour);
      if (score === undefined) continue;
      const dimensions = { model: 'lamps', lane: 'drift', version: '1' };
      const point = { name: 'LaneScore', value: score, unit: 'None' as const, dimensions, at: clock.now() };
      await metrics.put([point]);
    }
    const [state] = await alarms.states('lamps');
    await clock.advance(10);
    const [again] = await alarms.states('lamps');
    remove();
    return { state: state?.state, isSteady: state?.since === again?.since };
  };

  test('ring by the scores of the lane, and say since when', async () => {
    expect(await stateAfter([0, 2, 0.1, 3])).toEqual({ state: 'alarm', isSteady: true });
    expect(await stateAfter([2, 2, 0.1, 0])).toEqual({ state: 'ok', isSteady: true });
  });

  test('do not take the hour under way for missing', async () => {
    expect(await stateAfter([2, 2, 0.1, undefined])).toEqual({ state: 'alarm', isSteady: true });
  });

  test('know nothing before there is a point', async () => {
    expect(await stateAfter([undefined])).toEqual({ state: 'unknown', isSteady: true });
  });
});
