import type { RealisedWindow } from '../../lib/domain/labels/index.ts';
import { laneRuleOf } from '../../lib/domain/lane-alarms/index.ts';
import type { MetricPoint } from '../../lib/ports/metric-sink.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { labelMetrics, laneDimensions, laneMetrics } from '../../lib/wire/metrics.ts';
import type { Services } from '../services.ts';
import { hourMs } from './captured-files.ts';
import { isFinal } from './realised-open.ts';

export type KeepNeeds = Pick<Services, 'registry' | 'alarms' | 'clock'> & {
  readonly metrics: Pick<Services['metrics'], 'put'>;
};

const lane = 'realised-quality' as const;

/**
 * One point a window, at the moment it is judged: alarms do not look as far back as labels are late. Of several judged
 * in one look each older one stands a window before the next, or the alarm would take them for one.
 */
export const lanePoints = (
  judged: readonly RealisedWindow[],
  windowHours: number,
  nowMs: number,
): readonly MetricPoint[] =>
  judged
    .filter(({ score }) => score !== undefined)
    .toReversed()
    .slice(0, laneRuleOf(lane, windowHours).outOf)
    .map(({ model, version, score = 0 }, place) => ({
      name: laneMetrics.score,
      value: Math.max(0, score),
      unit: 'None' as const,
      dimensions: laneDimensions(model, lane, version),
      at: nowMs - place * windowHours * hourMs,
    }));

const labelPoints = ({ model, coverage, delayHours }: RealisedWindow, at: number): readonly MetricPoint[] => {
  const about = { unit: 'None' as const, dimensions: { model }, at };
  return [
    ...(coverage === undefined ? [] : [{ name: labelMetrics.coverage, value: coverage, ...about }]),
    ...(delayHours === undefined ? [] : [{ name: labelMetrics.delayHours, value: delayHours, ...about }]),
  ];
};

/** Two may look at once; what either finds of the same labels is the same. */
const putOne = async (record: RealisedWindow, { registry }: KeepNeeds): Promise<void> => {
  try {
    const before = await registry.findRealisedWindow(record.model, record.windowEnd);
    await registry.putRealisedWindow(record, before);
  } catch (error) {
    if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
  }
};

/** Keeps what a look found, oldest first. The points come before the records: a crash between them repeats points. */
export const keepRealised = async (
  found: readonly RealisedWindow[],
  windowHours: number,
  services: KeepNeeds,
) => {
  const nowMs = services.clock.now();
  const judged = found.filter(isFinal);
  const points = [
    ...lanePoints(judged, windowHours, nowMs),
    ...judged.flatMap((record) => labelPoints(record, nowMs)),
  ];
  if (points.length > 0) await services.metrics.put(points);
  for (const record of found) await putOne(record, services);
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
  await alarms.ensure([{ model, lane, version, windowHours, ...laneRuleOf(lane, windowHours) }]);
};
