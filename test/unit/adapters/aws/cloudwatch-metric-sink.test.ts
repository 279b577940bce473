import { beforeEach, describe, expect, it } from 'vitest';
import { cloudwatchMetricSink } from '../../../../lib/adapters/aws/cloudwatch-metric-sink.ts';
import type { MetricPoint, MetricSink } from '../../../../lib/ports/metric-sink.ts';
import { FakeCloudWatch } from '../../../contract/fake-cloudwatch.ts';

const at = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;
const point = (changes: Partial<MetricPoint> = {}): MetricPoint => ({
  name: 'LaneScore',
  value: 0.5,
  unit: 'None',
  dimensions: { model: 'flight-delay', lane: 'drift' },
  at,
  ...changes,
});

describe('the CloudWatch metric sink', () => {
  let cloudwatch: FakeCloudWatch;
  let lines: string[];
  let metrics: MetricSink;
  beforeEach(() => {
    cloudwatch = new FakeCloudWatch();
    lines = [];
    const write = (line: string) => {
      lines.push(line);
      cloudwatch.log(line);
    };
    metrics = cloudwatchMetricSink({ stage: 'dev', write, client: cloudwatch.client });
  });

  it('writes one line for the metrics of one moment and dimensions, with the stage as one more', async () => {
    await metrics.put([point(), point({ name: 'Rows', value: 7, unit: 'Count' })]);

    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        _aws: {
          Timestamp: at,
          CloudWatchMetrics: [
            {
              Namespace: 'Millrace',
              Dimensions: [['lane', 'model', 'stage']],
              Metrics: [
                { Name: 'LaneScore', Unit: 'None' },
                { Name: 'Rows', Unit: 'Count' },
              ],
            },
          ],
        },
        model: 'flight-delay',
        lane: 'drift',
        stage: 'dev',
        LaneScore: 0.5,
        Rows: 7,
      },
    ]);
  });

  it('writes 100 metrics a line and 100 values a metric, and loses none', async () => {
    const many = Array.from({ length: 250 }, (_, n) => point({ name: `M${n}`, value: n }));
    const often = Array.from({ length: 250 }, (_, n) => point({ value: n, at: at + 1 }));

    await metrics.put([...many, ...often]);

    expect(lines).toHaveLength(3 + 3);
    const { dimensions } = point();
    const window = { dimensions, from: at, to: at + minute };
    expect(await metrics.total({ ...window, name: 'M249' })).toEqual({ sum: 249, count: 1 });
    expect(await metrics.total({ ...window, name: 'LaneScore' })).toEqual({
      sum: (249 * 250) / 2,
      count: 250,
    });
  });

  it('counts each minute in the window it begins in, so that windows side by side count nothing twice', async () => {
    await metrics.put(
      [0, 30_000, 60_000, 90_000, 120_000].map((after) => point({ at: at + after, value: 1 })),
    );
    const sum = async (from: number, to: number) =>
      (await metrics.total({ ...point(), from: at + from, to: at + to })).sum;

    expect([await sum(-30_000, 30_000), await sum(30_000, 150_000)]).toEqual([2, 3]);
    expect([await sum(0, 60_000), await sum(60_000, 120_001)]).toEqual([2, 3]);
  });

  it('asks nothing of a window in which no minute begins: unknown', async () => {
    await metrics.put([point({ at: at + 10_000 })]);

    expect(await metrics.total({ ...point(), from: at + 5000, to: at + 50_000 })).toEqual({
      sum: 0,
      count: 0,
    });
    expect(cloudwatch.calls).toEqual([]);
  });

  it('adds up over the pages of CloudWatch, whatever the period', async () => {
    const points = Array.from({ length: 24 * 6 }, (_, n) => point({ at: at + n * 10 * minute, value: 2 }));
    await metrics.put(points);

    for (const shift of [0, minute]) {
      const window = { from: at, to: at + 24 * 60 * minute - 10 * minute + 10 * minute - shift };
      expect(await metrics.total({ ...point(), ...window })).toEqual({ sum: 288, count: 144 });
    }
  });

  it.each([
    ['a dimension that is empty', { dimensions: { model: '' } }, 'the dimension model'],
    ['the name of a dimension', { name: 'model' }, 'the name of a dimension'],
    ['the name of the stage', { name: 'stage' }, 'the name of a dimension'],
    [
      'more than 30 dimensions',
      { dimensions: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`d${n}`, 'x'])) },
      '31 dimensions',
    ],
  ])('refuses a metric with %s, which CloudWatch would pass over in silence', async (_, changes, text) => {
    await expect(metrics.put([point(), point(changes)])).rejects.toMatchObject({
      name: 'INPUT_INVALID',
      message: expect.stringContaining(text),
    });
    expect(lines).toEqual([]);
  });
});
