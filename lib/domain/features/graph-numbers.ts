import type { NumberRule } from './fitted-features.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { dateParts } from './graph-dates.ts';
import { textLengths, wordCounts } from './graph-texts.ts';

/**
 * symbol   meaning                                                          shape, type
 * X        the raw columns of all rules of one kind, side by side           [N, k] float64
 *
 * Missing is NaN throughout, and every comparison with NaN is false: `Where(x < limit, replacement, x)` keeps gaps.
 */

/** Adds all rules of one kind; gives one column for each, in order. */
export const addNumbers = (builder: GraphBuilder, rules: readonly NumberRule[]): string => {
  const only = <K extends NumberRule['kind']>(kind: K) =>
    rules.filter((rule): rule is Extract<NumberRule, { kind: K }> => rule.kind === kind);
  const columns = <R extends { column: string }>(each: readonly R[]) =>
    builder.concat(each.map((rule) => rule.column));
  const kind = rules[0]?.kind;
  switch (kind) {
    case 'log':
      return logs(builder, columns(only(kind)));
    case 'ratio':
      return ratios(builder, only(kind));
    case 'clip':
      return clips(builder, columns(only(kind)), only(kind));
    case 'bucket':
      return builder.concat(only(kind).map((rule) => bucket(builder, rule)));
    case 'datePart':
      return dateParts(builder, only(kind));
    case 'textLength':
      return textLengths(builder, columns(only(kind)));
    case 'wordCount':
      return wordCounts(builder, columns(only(kind)));
    default:
      return columns(only('number'));
  }
};

/** log(1 + x), missing below 0. */
const logs = ({ op, doubles }: GraphBuilder, x: string): string => {
  const logarithm = op('Log', op('Add', x, doubles([1])));
  return op('Where', op('Less', x, doubles([0])), doubles([Number.NaN]), logarithm);
};

/** Numerator over denominator; what is not finite (a denominator of 0, an overflow) is missing. */
const ratios = (
  { op, doubles, concat }: GraphBuilder,
  rules: readonly { readonly numerator: string; readonly denominator: string }[],
): string => {
  const numerators = concat(rules.map((rule) => rule.numerator));
  const quotient = op('Div', numerators, concat(rules.map((rule) => rule.denominator)));
  return op('Where', op('IsInf', quotient), doubles([Number.NaN]), quotient);
};

const clips = (
  { op, doubles }: GraphBuilder,
  x: string,
  rules: readonly { readonly min?: number; readonly max?: number }[],
): string => {
  const lower = doubles(rules.map(({ min }) => min ?? Number.NEGATIVE_INFINITY));
  const upper = doubles(rules.map(({ max }) => max ?? Number.POSITIVE_INFINITY));
  const raised = op('Where', op('Less', x, lower), lower, x);
  return op('Where', op('Greater', raised, upper), upper, raised);
};

/** The number of edges ≤ x: [N, 1] against [edges] compares all at once. */
const bucket = (
  { op, cast, doubles, ints, graph }: GraphBuilder,
  { column, edges }: { readonly column: string; readonly edges: readonly number[] },
): string => {
  const isReached = cast(op('GreaterOrEqual', column, doubles(edges)), 'float64');
  const count = graph.node('ReduceSum', [isReached, ints([1])], { attributes: { keepdims: { int: 1 } } });
  return op('Where', op('IsNaN', column), doubles([Number.NaN]), count);
};
