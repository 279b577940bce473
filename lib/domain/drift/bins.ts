import * as z from 'zod';

/**
 * How the values of one column fall into fixed bins.
 *
 * - `number`: bin i holds the values in (edges[i−1], edges[i]]; the bin after the last edge what is above it; then missing.
 * - `category`: one bin a value, then every other value, then missing. No values at all: present or missing, for columns
 *   whose values mean nothing as a distribution (free text, moments, hashes).
 */
export const Bins = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    /** Ascending, none twice; at most nine: the inner deciles. */
    edges: z.array(z.number()),
    /** Of the baseline; `null` where every value is missing. */
    min: z.number().nullable(),
    max: z.number().nullable(),
  }),
  z.object({
    kind: z.literal('category'),
    values: z.array(z.string()),
    /** The baseline had no value but these, so that any other is outside of what training saw. */
    isClosed: z.boolean(),
    /** Values the baseline had once: how much it may not have seen at all (Good and Turing). */
    singletons: z.int().min(0),
  }),
]);
export type Bins = z.infer<typeof Bins>;

/** One value as the monitor sees it. */
export type Cell = number | string | undefined;

/** The most values that stand by themselves. */
const maxValues = 100;

export const binCount = (bins: Bins): number =>
  bins.kind === 'number' ? bins.edges.length + 2 : bins.values.length + 2;

const compareNumbers = (a: number, b: number) => a - b;

/** The inner deciles, each once: value at ⌈n·k/10⌉ of the sorted values. */
const innerDeciles = (sorted: Float64Array): number[] => {
  const deciles = Array.from(
    { length: 9 },
    (_, index) => sorted[Math.ceil((sorted.length * (index + 1)) / 10) - 1],
  );
  return [...new Set(deciles.filter((decile) => decile !== undefined))];
};

/** The number of fewest digits that is the same in 32 bits. */
const shortest = (inFloat32: number): number => {
  for (let digits = 6; digits < 9; digits += 1) {
    const decimal = Number(inFloat32.toPrecision(digits));
    if (Math.fround(decimal) === inFloat32) return decimal;
  }
  return inFloat32;
};

/**
 * The forms one number takes on its way: as it is stored, in 32 bits, and as people write what is stored in 32 bits. Models
 * see no difference between 0.7 and 0.699999988; an edge or an end of a range must not either, for many rows lie on them.
 */
const formsOf = (value: number): readonly number[] => {
  const inFloat32 = Math.fround(value);
  return Number.isFinite(inFloat32) && inFloat32 !== 0 ? [value, inFloat32, shortest(inFloat32)] : [value];
};

const highest = (value: number): number => Math.max(...formsOf(value));
const lowest = (value: number): number => Math.min(...formsOf(value));

/** Bins of a number column. Missing values are NaN; −0 counts as 0. */
export const numberBins = (values: Float64Array): Bins => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort(compareNumbers);
  const [min, max] = [sorted[0], sorted.at(-1)];
  return {
    kind: 'number',
    edges: [...new Set(innerDeciles(sorted).map(highest))],
    min: min === undefined ? null : lowest(min),
    max: max === undefined ? null : highest(max),
  };
};

const byFrequency = ([a, countA]: readonly [string, number], [b, countB]: readonly [string, number]) =>
  countB - countA || (a < b ? -1 : 1);

/** Values seen once before a category counts as one that always has new ones: of few rows anything is seen once. */
const maxSeenOnce = { share: 0.1, values: 10 } as const;

/**
 * How often a value of an open category must have been seen to stand by itself. Those that are most frequent by chance come
 * less often again, which looks like drift: with 300 equal values in 1,000 rows a fifth of the traffic would move. From ten
 * on what is left of that stays below the limit, however many rows and values there are.
 */
const minSeen = 10;

/**
 * Bins of a category column from the rows of each value, missing ones left out: all values of a closed category; of an open
 * one (more than 100 values, or so many seen once that more are still to come, by Good and Turing) the 100 most frequent of
 * those seen often, the first in code-unit order among equals.
 */
export const categoryBins = (
  counts: ReadonlyMap<string, number>,
  /** Values that are known from the start, as classes are, stand by themselves however rare they are. */
  { areKnown = false }: { readonly areKnown?: boolean } = {},
): Bins => {
  const each = [...counts.values()];
  const singletons = each.filter((count) => count === 1).length;
  const rows = each.reduce((sum, count) => sum + count, 0);
  const mostOnce = Math.max(maxSeenOnce.values, maxSeenOnce.share * rows);
  const isClosed = counts.size <= maxValues && (areKnown || singletons <= mostOnce);
  const values = [...counts]
    .filter(([, count]) => isClosed || count >= minSeen)
    .sort(byFrequency)
    .slice(0, maxValues)
    .map(([value]) => value);
  return { kind: 'category', values, isClosed, singletons };
};

/** Present or missing, and nothing more. */
export const presenceBins: Bins = { kind: 'category', values: [], isClosed: false, singletons: 0 };

/** Whether any value will do, a hash as well. */
export const isPresenceOnly = (bins: Bins): boolean =>
  bins.kind === 'category' && !bins.isClosed && bins.values.length === 0;

/** The first bin whose edge is not below the value; edges are few, so that walking them beats halving. */
const numberPlace = (value: number, edges: readonly number[]): number => {
  let place = 0;
  while (place < edges.length && value > (edges[place] as number)) place += 1;
  return place;
};

/** Finds the bin of a value; −1 for a value of the wrong kind. Made once a column: it holds an index of the values. */
export const binFinder = (bins: Bins): ((cell: Cell) => number) => {
  const missing = binCount(bins) - 1;
  if (bins.kind === 'number')
    return (cell) => {
      if (cell === undefined) return missing;
      return typeof cell === 'number' && Number.isFinite(cell) ? numberPlace(cell, bins.edges) : -1;
    };
  const places = new Map(bins.values.map((value, place) => [value, place]));
  return (cell) => (cell === undefined ? missing : (places.get(String(cell)) ?? bins.values.length));
};

/** Whether a value lies outside of what the baseline knows: beyond its range, or none of its values. */
export const isOutside = (bins: Bins, cell: Cell, place: number): boolean => {
  if (cell === undefined || place < 0) return false;
  if (bins.kind === 'category') return bins.isClosed && place === bins.values.length;
  const { min, max } = bins;
  return typeof cell === 'number' && min !== null && max !== null && (cell < min || cell > max);
};
