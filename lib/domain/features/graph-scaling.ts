import type { Scaling } from './fitted-features.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Fills gaps, subtracts the mean, divides by the deviation, and appends the "was missing" columns. All float64. */
export const addScaling = (builder: GraphBuilder, x: string, scalings: readonly Scaling[]): string => {
  const { op, doubles, ints, concat, cast, pick } = builder;
  const isMissing = op('IsNaN', x);
  const filled = op('Where', isMissing, doubles(scalings.map(({ fill }) => fill)), x);
  const centred = op('Sub', filled, doubles(scalings.map(({ mean }) => mean)));
  const scaled = op('Div', centred, doubles(scalings.map(({ scale }) => scale)));
  const indicators = scalings.flatMap(({ hasIndicator }, column) => (hasIndicator ? [column] : []));
  if (indicators.length === 0) return scaled;
  return concat([scaled, cast(pick(isMissing, ints(indicators)), 'float64')]);
};
