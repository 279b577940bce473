import { windowMs } from '../../lib/domain/drift/index.ts';
import type { RealisedWindow } from '../../lib/domain/labels/index.ts';
import { laneRuleOf } from '../../lib/domain/lane-alarms/index.ts';
import type { MetricPoint } from '../../lib/ports/metric-sink.ts';
import { labelMetrics, laneDimensions, laneMetrics } from '../../lib/wire/metrics.ts';

export const realisedLane = 'realised-quality' as const;

interface Periods {
  readonly windowHours: number;
  readonly nowMs: number;
}

/**
 * The moments of so many points, latest first: now, and for each further one the latest period before that has none yet,
 * as far as an alarm looks back; then now again. An alarm takes points of one period for one.
 */
const momentsOf = (
  count: number,
  pointed: readonly number[],
  { windowHours, nowMs }: Periods,
): readonly number[] => {
  const length = windowMs(windowHours);
  const periodOf = (atMs: number): number => Math.floor(atMs / length);
  const taken = new Set(pointed.map(periodOf));
  const { outOf } = laneRuleOf(realisedLane, windowHours);
  const free = Array.from({ length: outOf }, (_, place) => nowMs - place * length).filter(
    (atMs) => !taken.has(periodOf(atMs)),
  );
  return Array.from({ length: Math.min(count, outOf) }, (_, place) => free[place] ?? nowMs);
};

/**
 * Gives judged windows the moments of their points: when they are judged, for alarms do not look as far back as labels are
 * late. Of many judged at once those older than an alarm looks at get none.
 */
export const withPoints = (
  found: readonly RealisedWindow[],
  before: readonly RealisedWindow[],
  periods: Periods,
): readonly RealisedWindow[] => {
  const placed = new Map<RealisedWindow, string>();
  const reserved = new Map(before.map(({ windowEnd, pointAt }) => [windowEnd, pointAt]));
  for (const version of new Set(found.map((record) => record.version))) {
    const isOwn = (record: RealisedWindow): boolean => record.version === version;
    const isNew = ({ score, windowEnd }: RealisedWindow) =>
      score !== undefined && reserved.get(windowEnd) === undefined;
    const scored = found.filter((record) => isOwn(record) && isNew(record)).toReversed();
    const pointed = before.filter(isOwn).flatMap(({ pointAt }) => (pointAt ? [Date.parse(pointAt)] : []));
    momentsOf(scored.length, pointed, periods).forEach((atMs, place) => {
      placed.set(scored[place] as RealisedWindow, new Date(atMs).toISOString());
    });
  }
  return found.map((record) => {
    const pointAt =
      placed.get(record) ?? (record.score === undefined ? undefined : reserved.get(record.windowEnd));
    return pointAt === undefined ? record : { ...record, pointAt };
  });
};

/** What a judged window writes: its point of the lane, and how its labels came. */
export const pointsOf = (
  { model, version, score = 0, pointAt, coverage, delayHours }: RealisedWindow,
  nowMs: number,
): readonly MetricPoint[] => {
  const unit = 'None' as const;
  const ofModel = { unit, dimensions: { model }, at: nowMs };
  const ofLane = { unit, dimensions: laneDimensions(model, realisedLane, version) };
  return [
    ...(pointAt === undefined
      ? []
      : [{ name: laneMetrics.score, value: Math.max(0, score), ...ofLane, at: Date.parse(pointAt) }]),
    ...(coverage === undefined ? [] : [{ name: labelMetrics.coverage, value: coverage, ...ofModel }]),
    ...(delayHours === undefined ? [] : [{ name: labelMetrics.delayHours, value: delayHours, ...ofModel }]),
  ];
};
