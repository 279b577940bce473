import { laneRuleOf } from '../../lib/domain/lane-alarms/index.ts';
import { type Lane, lanes } from '../../lib/wire/names.ts';
import type { Services } from '../services.ts';

/**
 * Lanes that have an alarm from the first look at a model on. The others get theirs with the first point of their series:
 * sooner that of freshness, to which gaps are bad news, would ring for every model that has just gone live, and those of
 * quality would be paid for where no quality is ever known.
 */
const fromTheStart: readonly Lane[] = ['data-quality', 'drift'];

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
  { alarms }: Pick<Services, 'alarms'>,
): Promise<void> => {
  const there = (await alarms.states(model)).map(({ lane }) => lane);
  const due = lanes.filter((lane) => [...fromTheStart, ...pointed, ...there].includes(lane));
  await alarms.ensure(
    due.map((lane) => ({ model, lane, version, windowHours, ...laneRuleOf(lane, windowHours) })),
  );
};
