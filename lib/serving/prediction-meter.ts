import { predictionMetrics } from '../domain/prediction/index.ts';
import type { MetricPoint, MetricSink } from '../ports/metric-sink.ts';

export interface Measured {
  readonly model: string;
  readonly version: number;
  readonly role: 'champion' | 'canary' | 'shadow';
  readonly outcome: 'answered' | 'refused' | 'failed';
  readonly latencyMs: number;
}

interface Tally {
  readonly dimensions: { readonly model: string; readonly version: string; readonly role: string };
  requests: number;
  errors: number;
  refused: number;
  latencyMs: number;
  latencyMaxMs: number;
}

const tallyFor = ({ model, version, role }: Measured): Tally => ({
  dimensions: { model, version: String(version), role },
  requests: 0,
  errors: 0,
  refused: 0,
  latencyMs: 0,
  latencyMaxMs: 0,
});

/** Errors are written also when there are none: a count of zero is knowledge, no point is not. */
const pointsOf = (tally: Tally, at: number): readonly MetricPoint[] => {
  const { dimensions } = tally;
  const point = (name: string, value: number, unit: MetricPoint['unit']) => ({
    name,
    value,
    unit,
    dimensions,
    at,
  });
  return [
    point(predictionMetrics.requests, tally.requests, 'Count'),
    point(predictionMetrics.errors, tally.errors, 'Count'),
    point(predictionMetrics.refused, tally.refused, 'Count'),
    point(predictionMetrics.latencyMs, tally.latencyMs, 'Milliseconds'),
    point(predictionMetrics.latencyMaxMs, tally.latencyMaxMs, 'Milliseconds'),
  ];
};

/** Counts requests in memory and writes them once a second: a prediction costs a few additions, not a write. */
export const predictionMeter = (options: {
  readonly metrics: Pick<MetricSink, 'put'>;
  readonly now: () => number;
  /** @default 1000 */
  readonly flushEveryMs?: number;
}) => {
  const { metrics, now, flushEveryMs = 1000 } = options;
  let tallies = new Map<string, Tally>();
  let timer: NodeJS.Timeout | undefined;
  let lost = 0;

  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const at = now();
    const points = [...tallies.values()].flatMap((tally) => pointsOf(tally, at));
    tallies = new Map();
    // Metrics must not disturb predictions: what cannot be written is counted as lost.
    await metrics.put(points).catch(() => {
      lost += points.length;
    });
  };

  const count = (measured: Measured): void => {
    const name = `${measured.model}/${measured.version}/${measured.role}`;
    const tally = tallies.get(name) ?? tallyFor(measured);
    tally.requests += 1;
    if (measured.outcome === 'failed') tally.errors += 1;
    if (measured.outcome === 'refused') tally.refused += 1;
    tally.latencyMs += measured.latencyMs;
    tally.latencyMaxMs = Math.max(tally.latencyMaxMs, measured.latencyMs);
    tallies.set(name, tally);
    timer ??= setTimeout(flush, flushEveryMs).unref();
  };

  return { count, flush, lostPoints: () => lost };
};
export type PredictionMeter = ReturnType<typeof predictionMeter>;
