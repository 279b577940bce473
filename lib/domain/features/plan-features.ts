import { MillraceError } from '../../wire/errors.ts';
import type { ColumnKind } from '../dataset/index.ts';
import type { FeatureTransform, ResolvedColumn, ResolvedSpec } from '../model-spec/index.ts';
import { sourcesOf } from './feature-names.ts';
import type { DatePart, NumberRule } from './fitted-features.ts';

export interface PlannedNumber {
  readonly name: string;
  readonly rule: NumberRule;
}

/** Which features a table gets, before anything is learned from it. */
export interface FeaturePlan {
  /** Raw columns that enter the graph. */
  readonly columns: readonly ResolvedColumn[];
  readonly numbers: readonly PlannedNumber[];
  readonly categories: readonly string[];
}

/**
 * What a datetime gives when no transform names more: positions in the cycles of year, week and day.
 * Not the year: trees cannot extrapolate, and a year above all training years would be a constant.
 */
const defaultDateParts: readonly DatePart[] = ['month', 'dayOfWeek', 'minuteOfDay'];

/** The order of kinds in the matrix: grouping lets the graph treat all numbers of a kind in one node. */
const kindOrder: readonly NumberRule['kind'][] = [
  'number',
  'log',
  'ratio',
  'clip',
  'bucket',
  'datePart',
  'textLength',
  'wordCount',
];

/** Decides the features of a spec. Throws MODEL_SPEC_INVALID for a transform its column cannot take, NO_FEATURES for none at all. */
export const planFeatures = (resolved: ResolvedSpec): FeaturePlan => {
  const features = resolved.columns.filter((column) => column.role === 'feature');
  const named = resolved.spec.features.map((transform, index) => namedFeature(transform, index, resolved));
  const taken = new Set(named.map(({ rule }) => JSON.stringify(rule)));
  const own = features.flatMap(ownFeatures).filter(({ rule }) => !taken.has(JSON.stringify(rule)));
  const categories = features.filter(({ kind }) => kind === 'category').map(({ name }) => name);
  const numbers = inMatrixOrder([...own, ...named]);
  if (numbers.length + categories.length === 0)
    throw new MillraceError(
      'NO_FEATURES',
      `model "${resolved.spec.name}" has no feature, needs at least one`,
    );
  const used = new Set([...numbers.flatMap(({ rule }) => sourcesOf(rule)), ...categories]);
  return { columns: resolved.columns.filter(({ name }) => used.has(name)), numbers, categories };
};

const inMatrixOrder = (numbers: readonly PlannedNumber[]): PlannedNumber[] =>
  kindOrder.flatMap((kind) => numbers.filter(({ rule }) => rule.kind === kind));

/** What a column gives by itself. */
const ownFeatures = ({ name, kind }: ResolvedColumn): PlannedNumber[] => {
  switch (kind) {
    case 'number':
    case 'boolean':
      return [{ name, rule: { kind: 'number', column: name } }];
    case 'datetime':
      return defaultDateParts.map((part) => ({
        name: `${name}.${part}`,
        rule: { kind: 'datePart', column: name, part },
      }));
    case 'text':
      return [
        { name: `${name}.textLength`, rule: { kind: 'textLength', column: name } },
        { name: `${name}.wordCount`, rule: { kind: 'wordCount', column: name } },
      ];
    case 'category':
      return [];
  }
};

const namedFeature = (transform: FeatureTransform, index: number, resolved: ResolvedSpec): PlannedNumber => {
  const rule = ruleOf(transform);
  const expected = expectedKinds(rule);
  const sources: [key: string, column: string][] =
    rule.kind === 'ratio'
      ? [
          ['numerator', rule.numerator],
          ['denominator', rule.denominator],
        ]
      : [['column', rule.column]];
  for (const [key, column] of sources)
    checkSource(resolved, column, expected, { path: `features[${index}].${key}`, transform });
  const names = resolved.spec.features.map(({ name }) => name);
  if (names.indexOf(transform.name) !== index)
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `features[${index}].name is "${transform.name}", expected a name no other feature has`,
      { path: `features[${index}].name` },
    );
  return { name: transform.name, rule };
};

const ruleOf = (transform: FeatureTransform): NumberRule => {
  switch (transform.transform) {
    case 'log':
    case 'textLength':
    case 'wordCount':
      return { kind: transform.transform, column: transform.column };
    case 'ratio':
      return { kind: 'ratio', numerator: transform.numerator, denominator: transform.denominator };
    case 'clip': {
      const { column, min, max } = transform;
      return { kind: 'clip', column, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    }
    case 'bucket':
      return { kind: 'bucket', column: transform.column, edges: transform.edges };
    default:
      return { kind: 'datePart', column: transform.column, part: transform.transform };
  }
};

const expectedKinds = (rule: NumberRule): readonly ColumnKind[] => {
  if (rule.kind === 'datePart') return ['datetime'];
  return rule.kind === 'textLength' || rule.kind === 'wordCount'
    ? ['text', 'category']
    : ['number', 'boolean'];
};

const checkSource = (
  resolved: ResolvedSpec,
  name: string,
  expected: readonly ColumnKind[],
  { path, transform }: { path: string; transform: FeatureTransform },
): void => {
  const column = resolved.columns.find((each) => each.name === name);
  const came = sourceProblem(column, expected);
  if (came !== undefined)
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `${path} is "${name}", ${came}; ${transform.transform} expects a ${expected.join(' or ')} column known when predicting`,
      { path },
    );
};

const sourceProblem = (
  column: ResolvedColumn | undefined,
  expected: readonly ColumnKind[],
): string | undefined => {
  if (column === undefined) return 'which the data does not have';
  if (column.role === 'target' || column.role === 'labelSource') return 'which is what is to be predicted';
  return expected.includes(column.kind) ? undefined : `a ${column.kind} column`;
};
