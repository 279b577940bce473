import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricQuery, MetricSink } from '../../ports/metric-sink.ts';
import { metricNamespace } from '../../wire/metrics.ts';
import { embeddedMetricWriter } from './embedded-metrics.ts';
import { clientDefaults, lazily } from './sdk-errors.ts';

const minuteMs = 60_000;

/** The first whole minute at or after a moment. */
const minuteFrom = (at: number): number => Math.ceil(at / minuteMs) * minuteMs;

/** The longest period that fits both ends: fewer numbers travel, and old data, kept by 5 minutes or the hour, is found. */
const periodSeconds = (from: number, to: number): number =>
  [3600, 300].find((seconds) => from % (seconds * 1000) === 0 && to % (seconds * 1000) === 0) ?? 60;

const queriesOf = (stage: string, query: MetricQuery, Period: number): MetricDataQuery[] => {
  const Dimensions = Object.entries({ ...query.dimensions, stage }).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: metricNamespace, MetricName: query.name, Dimensions };
  const statistics = [
    ['sum', 'Sum'],
    ['count', 'SampleCount'],
  ] as const;
  return statistics.map(([Id, Stat]) => ({ Id, MetricStat: { Metric, Period, Stat } }));
};

/**
 * Metrics in CloudWatch: written as log lines in embedded metric format, which cost no request and no wait, and read
 * back by GetMetricData. All are of one stage, a dimension added here.
 *
 * CloudWatch keeps whole minutes: a point counts as if it were made when its minute began. So `total` gives the minutes
 * that begin in [from, to): windows side by side count each point once, and one that begins within a minute leaves the
 * rest of that minute out, the last one begun is in. From its 15th day on data is kept by 5 minutes, from its 63rd by
 * the hour: ask for whole hours there. What was just put is seen after a minute or two; what CloudWatch has lost, or has
 * not got yet, is `count: 0`: unknown. It passes over points older than two weeks or two hours ahead.
 */
export const cloudwatchMetricSink = (options: {
  readonly stage: string;
  /** Takes one line, ending in a line feed. @default - standard output, which Lambda brings to CloudWatch Logs */
  readonly write?: (line: string) => void;
  /** @default - one client for the process's credentials and region, made at the first query */
  readonly client?: CloudWatchClient;
}): MetricSink => {
  const { stage } = options;
  const client = lazily(options.client, () => new CloudWatchClient(clientDefaults));

  const { put } = embeddedMetricWriter(stage, options.write);

  const total: MetricSink['total'] = async (query) => {
    const [from, to] = [minuteFrom(query.from), minuteFrom(query.to)];
    const totals = { sum: 0, count: 0 };
    if (from >= to) return totals;
    const request = {
      StartTime: new Date(from),
      EndTime: new Date(to),
      MetricDataQueries: queriesOf(stage, query, periodSeconds(from, to)),
    };
    let NextToken: string | undefined;
    do {
      const page = await client().send(new GetMetricDataCommand({ ...request, NextToken }));
      for (const { Id, Values = [] } of page.MetricDataResults ?? []) {
        const added = Values.reduce((sum, value) => sum + value, 0);
        if (Id === 'sum') totals.sum += added;
        else totals.count += added;
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return totals;
  };

  return { put, total };
};
