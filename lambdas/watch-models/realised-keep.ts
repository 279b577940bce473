import type { RealisedWindow } from '../../lib/domain/labels/index.ts';
import { laneRuleOf } from '../../lib/domain/lane-alarms/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';
import { isFinal } from './realised-open.ts';
import { pointsOf, realisedLane, withPoints } from './realised-points.ts';

export type KeepNeeds = Pick<Services, 'registry' | 'alarms' | 'clock'> & {
  readonly metrics: Pick<Services['metrics'], 'put'>;
};

type Before = Awaited<ReturnType<KeepNeeds['registry']['findRealisedWindow']>>;

const findOne = ({ model, windowEnd }: RealisedWindow, { registry }: KeepNeeds): Promise<Before> =>
  registry.findRealisedWindow(model, windowEnd);

/** Two may look at once; what either finds of the same labels is the same. */
const putOne = async (record: RealisedWindow, before: Before, { registry }: KeepNeeds): Promise<void> => {
  try {
    await registry.putRealisedWindow(record, before);
  } catch (error) {
    if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
  }
};

/**
 * Keeps the moment of a point before the point is written: who goes on after a crash writes it there again, and an alarm
 * takes it for one. Of two who look at once the first has it.
 */
const reserve = async (record: RealisedWindow, services: KeepNeeds): Promise<RealisedWindow> => {
  const { judgedAt, ...open } = record;
  if (judgedAt === undefined || record.pointAt === undefined) return record;
  const before = await findOne(record, services);
  if (before?.body.pointAt === undefined) await putOne(open, before, services);
  const kept = await findOne(record, services);
  return { ...record, pointAt: kept?.body.pointAt ?? record.pointAt };
};

/**
 * Keeps what a look found, oldest first, and gives it back as it was kept. The points come before the last word of the
 * records: a crash between them repeats points, at the same moments.
 */
export const keepRealised = async (
  found: readonly RealisedWindow[],
  before: readonly RealisedWindow[],
  windowHours: number,
  services: KeepNeeds,
): Promise<readonly RealisedWindow[]> => {
  const nowMs = services.clock.now();
  const records: RealisedWindow[] = [];
  for (const record of withPoints(found, before, { windowHours, nowMs }))
    records.push(await reserve(record, services));
  const points = records.filter(isFinal).flatMap((record) => pointsOf(record, nowMs));
  if (points.length > 0) await services.metrics.put(points);
  for (const record of records) await putOne(record, await findOne(record, services), services);
  return records;
};

/**
 * Makes the alarm of the lane with its first point; from then on it is kept with those of the other lanes. Like them it
 * looks at the series of the latest window's champion: what a predecessor did rings for it no more.
 */
export const ensureRealisedAlarm = async (
  model: string,
  found: readonly RealisedWindow[],
  windowHours: number,
  { registry, alarms }: KeepNeeds,
): Promise<void> => {
  if (!found.some(({ score }) => score !== undefined)) return;
  const [latest] = await registry.listWindows(model, { limit: 1 });
  if (latest === undefined) return;
  const { version } = latest;
  await alarms.ensure([
    { model, lane: realisedLane, version, windowHours, ...laneRuleOf(realisedLane, windowHours) },
  ]);
};
