import type { Run } from './run.ts';

/** One line of a comparison: the same thing of every run, in the order of the runs. */
export interface ComparedLine {
  readonly group: 'run' | 'parameter' | 'metric' | 'duration';
  readonly name: string;
  /** `undefined` where a run does not have it. */
  readonly values: readonly (string | number | undefined)[];
  readonly differs: boolean;
}

const facts = [
  'status',
  'specRevision',
  'datasetVersion',
  'codeVersion',
  'trainer',
  'seed',
  'artifactSha256',
] as const;

const shown = (value: unknown): string | number | undefined =>
  value === undefined || typeof value === 'number' || typeof value === 'string'
    ? value
    : JSON.stringify(value);

const lineOf = (group: ComparedLine['group'], name: string, raw: readonly unknown[]): ComparedLine => {
  const values = raw.map(shown);
  return { group, name, values, differs: new Set(values).size > 1 };
};

const linesOf = (
  group: ComparedLine['group'],
  records: readonly (Readonly<Record<string, unknown>> | undefined)[],
): readonly ComparedLine[] => {
  const names = [...new Set(records.flatMap((record) => Object.keys(record ?? {})))].sort();
  return names.map((name) =>
    lineOf(
      group,
      name,
      records.map((record) => record?.[name]),
    ),
  );
};

/** Runs side by side: what they are, then parameters, metrics and durations (ms), each by name. */
export const compareRuns = (runs: readonly Run[]): readonly ComparedLine[] => [
  ...facts.map((fact) =>
    lineOf(
      'run',
      fact,
      runs.map((run) => run[fact]),
    ),
  ),
  ...linesOf(
    'parameter',
    runs.map((run) => run.parameters),
  ),
  ...linesOf(
    'metric',
    runs.map((run) => run.metrics),
  ),
  ...linesOf(
    'duration',
    runs.map((run) => run.durationsMs),
  ),
];
