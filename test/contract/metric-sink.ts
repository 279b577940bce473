import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricPoint, MetricSink } from '../../lib/ports/metric-sink.ts';

export interface MetricSinkUnderTest {
  readonly metrics: MetricSink;
  remove(): void;
}

const at = Date.UTC(2026, 0, 5, 9);
/** CloudWatch keeps whole minutes: what adapters promise alike, they promise of windows of these. */
const minuteMs = 60_000;
const point = (value: number, changes: Partial<MetricPoint> = {}): MetricPoint => ({
  name: 'Predictions',
  value,
  unit: 'Count',
  dimensions: { model: 'flight-delay', version: '7' },
  at,
  ...changes,
});

/** What every MetricSink promises; each adapter runs it. */
export const metricSinkContract = (name: string, makeSink: () => MetricSinkUnderTest): void => {
  describe(`${name} keeps the promises of a metric sink`, () => {
    let underTest: MetricSinkUnderTest;
    let metrics: MetricSink;
    const window = { name: 'Predictions', dimensions: point(0).dimensions, from: at, to: at + minuteMs };

    beforeEach(() => {
      underTest = makeSink();
      metrics = underTest.metrics;
    });
    afterEach(() => underTest.remove());

    it('adds up and counts the points of a window, its end left out', async () => {
      await metrics.put([
        point(1, { at: at - 1 }),
        point(2),
        point(4, { at: at + minuteMs - 1 }),
        point(8, { at: at + minuteMs }),
      ]);

      expect(await metrics.total(window)).toEqual({ sum: 6, count: 2 });
    });

    it('tells no traffic that was measured from nothing measured', async () => {
      expect(await metrics.total(window)).toEqual({ sum: 0, count: 0 });

      await metrics.put([point(0)]);

      expect(await metrics.total(window)).toEqual({ sum: 0, count: 1 });
    });

    it('keeps apart names and dimensions, whatever the order these are written in', async () => {
      await metrics.put([
        point(1, { dimensions: { version: '7', model: 'flight-delay' } }),
        point(2, { dimensions: { model: 'flight-delay', version: '8' } }),
        point(4, { dimensions: { model: 'flight-delay' } }),
        point(8, { name: 'Errors' }),
      ]);

      expect(await metrics.total(window)).toEqual({ sum: 1, count: 1 });
    });

    it('keeps the same point sent twice as two points, and none as none', async () => {
      await metrics.put([point(1.5), point(1.5)]);
      await metrics.put([]);

      expect(await metrics.total(window)).toEqual({ sum: 3, count: 2 });
    });

    it('refuses all points together when one is not a number', async () => {
      const refused = metrics.put([point(1), point(Number.NaN, { name: 'Latency' })]);

      await expect(refused).rejects.toMatchObject({ name: 'INPUT_INVALID', details: { name: 'Latency' } });
      expect(await metrics.total(window)).toEqual({ sum: 0, count: 0 });
    });
  });
};
