import type { DatabaseSync } from 'node:sqlite';
import { windowMs } from '../../domain/drift/index.ts';
import { judgeLane, type LaneState } from '../../domain/lane-alarms/index.ts';
import type { AlarmBook, LaneAlarm, LaneAlarmState } from '../../ports/alarm-book.ts';
import type { Clock } from '../../ports/clock.ts';
import { canonicalJson, type JsonObject } from '../../wire/json.ts';
import { laneDimensions, laneMetrics } from '../../wire/metrics.ts';
import { type Lane, lanes } from '../../wire/names.ts';
import { sqliteAction, sqliteTransaction } from './sqlite-database.ts';

/** How many windows further back than N points are looked for where the latest have none. */
const windowsBehind = 2;

/** The series an alarm looks at, as its points are found by. */
const seriesOf = ({ model, lane, version }: LaneAlarm): string =>
  canonicalJson(laneDimensions(model, lane, version));

const isLane = (text: unknown): text is Lane => lanes.some((lane) => lane === text);
const isState = (text: unknown): text is LaneState => ['ok', 'alarm', 'unknown'].includes(String(text));

/**
 * Alarms of lanes in SQLite, judged by the rule of CloudWatch on the points of the SQLite metrics whenever somebody asks.
 * The window under way counts once it has a point: before that it is not missing, it is not over.
 */
export const sqliteAlarmBook = (options: {
  readonly database: DatabaseSync;
  readonly clock: Pick<Clock, 'now'>;
}): AlarmBook => {
  const { database, clock } = options;
  const known = database.prepare('SELECT lane, rule, state, since_ms FROM lane_alarm WHERE model = ?');
  const write = database.prepare(
    'INSERT OR REPLACE INTO lane_alarm (model, lane, rule, state, since_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const forget = database.prepare('DELETE FROM lane_alarm WHERE model = ?');
  const largest = database.prepare(
    'SELECT max(value) AS score FROM metric WHERE name = ? AND dimensions = ? AND at_ms >= ? AND at_ms < ?',
  );

  const rowsOf = (model: string) =>
    known.all(model).flatMap(({ lane, rule, state, since_ms }) => {
      if (!isLane(lane) || !isState(state)) return [];
      const alarm: LaneAlarm = JSON.parse(String(rule));
      return [{ lane, alarm, text: String(rule), state, sinceMs: Number(since_ms) }];
    });

  /** The largest score of each window, oldest first; `undefined` where there is none. */
  const scoresOf = (alarm: LaneAlarm): readonly (number | undefined)[] => {
    const { windowHours, outOf } = alarm;
    const length = windowMs(windowHours);
    const current = Math.floor(clock.now() / length);
    const scores = Array.from({ length: outOf + windowsBehind + 1 }, (_, index) => {
      const from = (current - outOf - windowsBehind + index) * length;
      const score = largest.get(laneMetrics.score, seriesOf(alarm), from, from + length)?.score;
      return score === null || score === undefined ? undefined : Number(score);
    });
    return scores.at(-1) === undefined ? scores.slice(0, -1) : scores.slice(1);
  };

  const ensureOne = (alarm: LaneAlarm) => {
    const rule = canonicalJson({ ...alarm } satisfies JsonObject);
    const existing = rowsOf(alarm.model).find(({ lane }) => lane === alarm.lane);
    if (existing?.text === rule) return;
    const isKept = existing !== undefined && seriesOf(existing.alarm) === seriesOf(alarm);
    const [state, sinceMs] = isKept ? [existing.state, existing.sinceMs] : ['unknown', clock.now()];
    write.run(alarm.model, alarm.lane, rule, state, sinceMs);
  };

  const ensure: AlarmBook['ensure'] = async (alarms) =>
    sqliteTransaction(database, () => alarms.forEach(ensureOne));

  const states: AlarmBook['states'] = async (model) =>
    sqliteTransaction(database, () =>
      rowsOf(model).map(({ lane, alarm, text, state: before, sinceMs }): LaneAlarmState => {
        const state = judgeLane(scoresOf(alarm), alarm, before);
        const since = state === before ? sinceMs : clock.now();
        if (state !== before) write.run(model, lane, text, state, since);
        return { model, lane, state, since: new Date(since).toISOString() };
      }),
    );

  const remove: AlarmBook['remove'] = async (model) => {
    sqliteAction(database, () => forget.run(model));
  };

  return { ensure, states, remove };
};
