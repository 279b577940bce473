import type { MetricPoint, MetricSink } from '../../ports/metric-sink.ts';
import { MillraceError } from '../../wire/errors.ts';
import { canonicalJson } from '../../wire/json.ts';
import { metricNamespace } from '../../wire/metrics.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const maxMetricsPerLine = 100;
const maxValuesPerMetric = 100;
const maxDimensions = 30;

const invalid = (what: string, details: Record<string, unknown>) =>
  new MillraceError('INPUT_INVALID', what, details);

/** Throws INPUT_INVALID for what CloudWatch would pass over in silence. */
const check = ({ name, value }: MetricPoint, dimensions: Readonly<Record<string, string>>) => {
  if (!Number.isFinite(value))
    throw invalid(`the metric ${name} is ${value}, expected a finite number`, { name });
  const keys = Object.keys(dimensions);
  if (keys.length > maxDimensions)
    throw invalid(`the metric ${name} has ${keys.length} dimensions, at most ${maxDimensions} fit`, { name });
  const empty = keys.find((key) => dimensions[key] === '');
  if (empty !== undefined) throw invalid(`the dimension ${empty} of the metric ${name} is empty`, { name });
  if (name === '_aws' || keys.includes(name))
    throw invalid(`the metric ${name} has the name of a dimension, expected another`, { name });
};

interface Series {
  readonly name: string;
  readonly unit: MetricPoint['unit'];
  readonly values: number[];
}

interface Group {
  readonly at: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly series: Map<string, Series>;
}

/** Points of one moment and the same dimensions, by name and unit. */
const grouped = (stage: string, points: readonly MetricPoint[]): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (const point of points) {
    const dimensions = { ...point.dimensions, stage };
    check(point, dimensions);
    const { at, name, unit } = point;
    const id = canonicalJson({ at, dimensions });
    const group = groups.get(id) ?? { at, dimensions, series: new Map<string, Series>() };
    groups.set(id, group);
    const seriesId = `${unit} ${name}`;
    const series = group.series.get(seriesId) ?? { name, unit, values: [] };
    group.series.set(seriesId, series);
    series.values.push(point.value);
  }
  return [...groups.values()];
};

/** Series shared out to lines: none twice by name on a line, 100 series a line, 100 values a series. */
const linesOf = (group: Group): readonly (readonly Series[])[] => {
  const lines: Map<string, Series>[] = [];
  for (const { name, unit, values } of group.series.values()) {
    for (let from = 0; from < values.length; from += maxValuesPerMetric) {
      const part = { name, unit, values: values.slice(from, from + maxValuesPerMetric) };
      const line = lines.find((one) => one.size < maxMetricsPerLine && !one.has(name));
      if (line === undefined) lines.push(new Map([[name, part]]));
      else line.set(name, part);
    }
  }
  return lines.map((line) => [...line.values()]);
};

/** Points as lines of CloudWatch's embedded metric format, with `stage` as one dimension more. */
export const embeddedMetricLines = (stage: string, points: readonly MetricPoint[]): readonly string[] =>
  grouped(stage, points).flatMap((group) =>
    linesOf(group).map((series) => {
      const directive = {
        Namespace: metricNamespace,
        Dimensions: [Object.keys(group.dimensions).toSorted()],
        Metrics: series.map(({ name, unit }) => ({ Name: name, Unit: unit })),
      };
      const values = series.map(({ name, values }) => [name, values.length === 1 ? values[0] : values]);
      const _aws = { Timestamp: group.at, CloudWatchMetrics: [directive] };
      return JSON.stringify({ _aws, ...group.dimensions, ...Object.fromEntries(values) });
    }),
  );

/** Writes points as lines of the log, each ending in a line feed: no request, no wait, and no client. */
export const embeddedMetricWriter = (
  stage: string,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Pick<MetricSink, 'put'> => ({
  put: async (points) => {
    for (const line of embeddedMetricLines(stage, points)) write(`${line}\n`);
  },
});
