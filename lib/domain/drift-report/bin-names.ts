import type { Bins } from '../drift/index.ts';
import { shownName, shownNumber } from './words.ts';

/** Edges with as many digits as keep them apart. */
const edgeTexts = (edges: readonly number[]): readonly string[] => {
  for (let digits = 3; digits < 17; digits += 1) {
    const texts = edges.map((edge) => shownNumber(edge, digits));
    if (new Set(texts).size === edges.length) return texts;
  }
  return edges.map(String);
};

/**
 * What lies in the bins `first` to `last` of a number column, the missing ones not among them: "up to 300",
 * "300 to 1,200", "above 1,200".
 */
export const rangeName = (edges: readonly number[], first: number, last: number): string => {
  const texts = edgeTexts(edges);
  const [from, to] = [texts[first - 1], texts[last]];
  if (from === undefined && to === undefined) return 'any value';
  if (from === undefined) return `up to ${to}`;
  return to === undefined ? `above ${from}` : `${from} to ${to}`;
};

/** What each bin holds, in words, in the order of the bins. */
export const binNames = (bins: Bins): readonly string[] =>
  bins.kind === 'number'
    ? [
        ...Array.from({ length: bins.edges.length + 1 }, (_, place) => rangeName(bins.edges, place, place)),
        'missing',
      ]
    : [...bins.values.map(shownName), bins.values.length === 0 ? 'present' : 'other values', 'missing'];
