import { MillraceError } from '../../wire/errors.ts';
import { columnsOfTransform, type ModelSpec, type ResolvedColumn } from '../model-spec/index.ts';
import type { ColumnStatistics } from './column-statistics.ts';
import { forceKind, type InferredKind, inferKind, type Reading } from './infer-kind.ts';

/** A raw column with its part in the model and the way its values are read. */
export interface PlannedColumn extends ResolvedColumn {
  readonly reading: Reading;
}

export interface ColumnFacts {
  readonly spec: ModelSpec;
  readonly statistics: readonly ColumnStatistics[];
  /** What the label expression reads; empty when the target is a column. */
  readonly labelColumns: readonly string[];
  /** Columns that the last dataset did not have. */
  readonly newColumns: readonly string[];
}

/** Up to 5 % of misfits are typing errors to quarantine; a column with more is another kind of column. */
const maxMisfitShare = 0.05;

/** A column may be called "constructor": only what model.json itself says counts. */
const overrideOf = (spec: ModelSpec, name: string) =>
  Object.hasOwn(spec.columns, name) ? spec.columns[name] : undefined;

type Part = Pick<ResolvedColumn, 'role' | 'because'>;

/** The one sentence that tells the owner of a datetime or text column how it can be used. */
const hints = {
  datetime: 'a datetime is no feature by itself: name date parts of it under features',
  text: 'free text is no feature by itself: name textLength or wordCount under features, or force it to category',
} as const;

const partOf = (name: string, kind: InferredKind, facts: ColumnFacts, isTransformed: boolean): Part => {
  const { spec } = facts;
  const override = overrideOf(spec, name);
  const ignoredUnlessNamed = (because: string): Part =>
    isTransformed
      ? { role: 'source', because: `${kind.because}; used by the features named in model.json` }
      : { role: 'ignored', because };
  if (name === spec.target) return { role: 'target', because: 'the target in model.json' };
  if (facts.labelColumns.includes(name))
    return { role: 'labelSource', because: 'the label is made from it, so it is unknown when predicting' };
  if (spec.key.includes(name) && (override === undefined || override === 'ignore'))
    return isTransformed ? ignoredUnlessNamed('') : { role: 'key', because: 'part of the key in model.json' };
  if (override === 'ignore') return ignoredUnlessNamed('ignored in model.json');
  if (kind.kind === 'datetime' || kind.kind === 'text')
    return ignoredUnlessNamed(`${kind.because}; ${hints[kind.kind]}`);
  if (override !== undefined) return { role: 'feature', because: kind.because };
  if (facts.newColumns.includes(name) && spec.quality.onNewColumn === 'ignore')
    return ignoredUnlessNamed('new since the last dataset, and quality.onNewColumn is "ignore"');
  if (kind.uselessBecause !== undefined) return ignoredUnlessNamed(kind.uselessBecause);
  return { role: 'feature', because: kind.because };
};

const kindOf = (statistics: ColumnStatistics, { spec }: ColumnFacts): InferredKind => {
  const { name } = statistics;
  const override = overrideOf(spec, name);
  if (name === spec.target) return forceKind(statistics, spec.task === 'regression' ? 'number' : 'category');
  if (override !== undefined && override !== 'ignore') return forceKind(statistics, override);
  if (name === spec.eventTime) return { ...forceKind(statistics, 'datetime'), because: 'the event time' };
  return inferKind(statistics, Math.min(maxMisfitShare, spec.quality.maxBadShare));
};

/** Keys are compared as text, so that long integers keep all their digits. */
const keyKind = (statistics: ColumnStatistics): InferredKind => forceKind(statistics, 'category');

const refuseLeaks = (columns: readonly PlannedColumn[], spec: ModelSpec): void => {
  const forbidden = new Map(
    columns
      .filter(({ role }) => role === 'target' || role === 'labelSource')
      .map(({ name, role }) => [name, role]),
  );
  spec.features.forEach((transform, place) => {
    const leak = columnsOfTransform(transform).find((name) => forbidden.has(name));
    if (leak === undefined) return;
    const what = forbidden.get(leak) === 'target' ? 'is the target' : 'is read by the label expression';
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `features.${place} "${transform.name}" is made from "${leak}", which ${what}; expected a column known when predicting`,
      { path: `features.${place}`, column: leak },
    );
  });
};

const refuseClashes = (columns: readonly PlannedColumn[], spec: ModelSpec): void => {
  const names = new Set(columns.filter(({ role }) => role === 'feature').map(({ name }) => name));
  spec.features.forEach((transform, place) => {
    if (!names.has(transform.name)) return;
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `features.${place}.name is "${transform.name}", which is also a column that is a feature, expected another name`,
      { path: `features.${place}.name` },
    );
  });
};

/** Gives every raw column its kind and its part. Throws MODEL_SPEC_INVALID when a named feature would leak the label. */
export const planColumns = (facts: ColumnFacts): readonly PlannedColumn[] => {
  const transformed = new Set(facts.spec.features.flatMap(columnsOfTransform));
  const columns = facts.statistics.map((statistics): PlannedColumn => {
    const inferred = kindOf(statistics, facts);
    const part = partOf(statistics.name, inferred, facts, transformed.has(statistics.name));
    const isPlainKey = part.role === 'key' && statistics.name !== facts.spec.eventTime;
    const { kind, reading } = isPlainKey ? keyKind(statistics) : inferred;
    return { name: statistics.name, kind, reading, ...part };
  });
  refuseLeaks(columns, facts.spec);
  refuseClashes(columns, facts.spec);
  return columns;
};
