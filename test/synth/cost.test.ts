import { describe, expect, it } from 'vitest';
import { billOf, isEndpointTraced, usesAsleep, usuallyKept } from '../../lib/domain/cost/index.ts';
import { idlePrices } from '../../lib/wire/idle-prices.ts';
import { readSettings } from '../../lib/wire/settings.ts';
import { stages, templateOf } from './synthesise.ts';

type Resource = { readonly Type: string; readonly Properties?: Record<string, unknown> };

const resourcesOf = (settings: object): readonly Resource[] =>
  Object.values(templateOf(settings).toJSON().Resources);

/** How many of a kind are billed for being there. */
const countOf = (resources: readonly Resource[], price: string): number =>
  resources.filter(({ Type }) => idlePrices[Type]?.asleep.some((name) => name === price)).length;

/** An alarm is billed by the metrics it watches. */
const alarmMetricsOf = (resources: readonly Resource[]): number =>
  resources
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .reduce(
      (sum, { Properties }) => sum + (Array.isArray(Properties?.Metrics) ? Properties.Metrics.length : 1),
      0,
    );

const unitsOf = (settings: object, price: string): number =>
  billOf(usesAsleep({ settings: readSettings(settings), models: 0, kept: usuallyKept }))
    .lines.filter((line) => line.price === price)
    .reduce((sum, { units }) => sum + units, 0);

describe('the endpoint', () => {
  it('is traced as `millrace cost` says: traces cost more than the requests they follow', () => {
    const endpoint = resourcesOf(stages.cheap).find(
      ({ Properties }) => Properties?.FunctionName === 'millrace-dev-serve-predictions',
    );

    const isTraced = JSON.stringify(endpoint?.Properties?.TracingConfig)?.includes('Active') ?? false;
    expect(endpoint).toBeDefined();
    expect(isTraced).toBe(isEndpointTraced);
  });
});

describe.each([
  ['as a newcomer deploys it', stages.cheap],
  ['with everything turned on', stages.guarded],
  ['behind a function URL', stages.withoutPage],
])('the stack %s', (_, settings) => {
  const resources = resourcesOf(settings);

  it('holds no kind of resource whose price nobody has looked up', () => {
    const kinds = new Set(resources.map(({ Type }) => Type));

    expect([...kinds].filter((kind) => idlePrices[kind] === undefined)).toEqual([]);
  });

  it('is billed for the alarms, keys and dashboards that `millrace cost` counts', () => {
    expect(alarmMetricsOf(resources)).toBe(unitsOf(settings, 'alarm'));
    expect(countOf(resources, 'customerKey')).toBe(unitsOf(settings, 'customerKey'));
    expect(countOf(resources, 'dashboard')).toBe(unitsOf(settings, 'dashboard'));
  });
});
