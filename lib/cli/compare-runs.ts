import { formatDuration, formatValue } from '../console/format.ts';
import { isBetter, metricTitle } from '../domain/evaluation/index.ts';
import type { Run } from '../domain/registry/index.ts';

/** One line of a comparison: the same fact of each run. */
export interface ComparedFact {
  readonly group: 'run' | 'parameter' | 'metric' | 'duration';
  readonly name: string;
  readonly values: readonly unknown[];
  readonly isDifferent: boolean;
  /** Which run has the best value, where the metric judges and one is alone in front. */
  readonly best?: number;
}

type Fact = Pick<ComparedFact, 'group' | 'name' | 'values'>;

const keysOf = (records: readonly (Readonly<Record<string, unknown>> | undefined)[]): readonly string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record ?? {}))),
];

const ofGroup = (
  group: ComparedFact['group'],
  records: readonly (Readonly<Record<string, unknown>> | undefined)[],
): readonly Fact[] =>
  keysOf(records).map((name) => ({ group, name, values: records.map((record) => record?.[name]) }));

const best = ({ group, name, values }: Fact): number | undefined => {
  if (group !== 'metric' || !values.every((value) => typeof value === 'number')) return undefined;
  const front = values.findIndex((value, index) =>
    values.every((other, at) => at === index || isBetter(name, value, other) === true),
  );
  return front < 0 ? undefined : front;
};

const headFacts = (run: Run) => ({
  status: run.status,
  trigger: run.trigger.kind,
  challenger: run.challengerPath,
  dataset: run.datasetVersion,
  'model.json revision': run.specRevision,
  trainer: run.trainer,
  seed: run.seed,
  code: run.codeVersion,
  artifact: run.artifactSha256,
});

/** Runs fact by fact: what they were made from, parameters, metrics and durations. */
export const compareRuns = (runs: readonly Run[]): readonly ComparedFact[] => {
  const facts = [
    ...ofGroup('run', runs.map(headFacts)),
    ...ofGroup(
      'parameter',
      runs.map((run) => run.parameters),
    ),
    ...ofGroup(
      'metric',
      runs.map((run) => run.metrics),
    ),
    ...ofGroup(
      'duration',
      runs.map((run) => run.durationsMs),
    ),
  ];
  return facts
    .filter(({ values }) => values.some((value) => value !== undefined))
    .map((fact) => {
      const isDifferent = new Set(fact.values.map((value) => JSON.stringify(value))).size > 1;
      const front = best(fact);
      return { ...fact, isDifferent, ...(front === undefined ? {} : { best: front }) };
    });
};

const shown = (fact: ComparedFact, value: unknown, index: number): string => {
  if (fact.group === 'duration' && typeof value === 'number') return formatDuration(value);
  const text = formatValue(value);
  const short = /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
  return fact.best === index ? `${short} ★` : short;
};

/** The comparison as table rows: ≠ marks what differs, ★ the best value of a metric. */
export const comparisonRows = (facts: readonly ComparedFact[]): readonly (readonly string[])[] =>
  facts.map((fact) => [
    fact.isDifferent ? '≠' : '',
    fact.group === 'metric'
      ? metricTitle(fact.name)
      : fact.group === 'duration'
        ? `time: ${fact.name}`
        : fact.name,
    ...fact.values.map((value, index) => shown(fact, value, index)),
  ]);
