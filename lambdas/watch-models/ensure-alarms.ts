import { laneRuleOf } from '../../lib/domain/lane-alarms/index.ts';
import { type Lane, lanes } from '../../lib/wire/names.ts';
import type { Services } from '../services.ts';

/**
 * Lanes that have an alarm from the first look at a model on. The others get theirs with the first point of their series:
 * sooner that of freshness, to which gaps are bad news, would ring for every model that has just gone live, and those of
 * quality would be paid for where no quality is ever known.
 */
const fromTheStart: readonly Lane[] = ['data-quality', 'drift'];

/** Points are written so long after their window's end, however often the monitor looks. */
const landingHours = 1 / 3;

export type AlarmNeeds = Pick<Services, 'alarms'> & {
  /** How long it takes from one look to the next. @default - next to nothing, as on a laptop */
  readonly lookEveryHours?: number;
};

/** What the alarms of a model are to look at. */
export interface AlarmsOfModel {
  readonly model: string;
  readonly windowHours: number;
  /** The champion of the latest window: an alarm that looked at another's series starts anew. */
  readonly version: number;
  /** Lanes that have a point of this version by now; those that have an alarm already keep it. */
  readonly pointed: readonly Lane[];
}

/** Sees to the alarms of a model: done again it changes nothing. */
export const ensureAlarms = async (
  { model, windowHours, version, pointed }: AlarmsOfModel,
  { alarms, lookEveryHours = 0 }: AlarmNeeds,
): Promise<void> => {
  // Points of windows shorter than that come many at once, and are past before an alarm of their length looks again: it
  // takes the largest of a look for one, and of the hour before, which had not landed at the last. Points of labels are
  // written at the moment of the look: those need not.
  const shortest = Math.max(lookEveryHours, landingHours);
  const periodOf = (lane: Lane): number =>
    lane === 'realised-quality' || windowHours >= shortest ? windowHours : lookEveryHours + 1;
  const there = (await alarms.states(model)).map(({ lane }) => lane);
  const due = lanes.filter((lane) => [...fromTheStart, ...pointed, ...there].includes(lane));
  await alarms.ensure(
    due.map((lane) => {
      const period = periodOf(lane);
      return { model, lane, version, windowHours: period, ...laneRuleOf(lane, period) };
    }),
  );
};
