import { formatValue } from '../console/format.ts';
import { keyMetrics, metricTitle } from '../domain/evaluation/index.ts';
import type { RouteView } from '../domain/routing/index.ts';

/** The first few metrics of a version or a run, in one line. */
export const metricsInWords = (metrics: Readonly<Record<string, number>>, limit = 3): string =>
  keyMetrics(metrics)
    .slice(0, limit)
    .map((name) => `${metricTitle(name)} ${formatValue(metrics[name])}`)
    .join(', ');

/** Which versions answer, in words. */
export const routeInWords = ({ champion, canary, shadow }: RouteView): string =>
  champion === undefined
    ? 'none'
    : [
        `version ${champion}`,
        canary && `canary ${canary.version} at ${canary.percent} %`,
        shadow && `shadow ${shadow}`,
      ]
        .filter(Boolean)
        .join(', ');
