import { type BaselineColumn, type Bins, type ColumnCounts, missingOf } from '../drift/index.ts';
import { binNames, rangeName } from './bin-names.ts';
import { shownName, shownNumber, shownPoints } from './words.ts';

/** What a part of a column's values gained or lost, as shares of all rows. */
export interface PartMovement {
  /** "above 1,200", a value, "missing". */
  readonly part: string;
  readonly before: number;
  readonly now: number;
  readonly change: number;
}

type Counted = Pick<BaselineColumn, 'bins' | 'counts'>;

/** Less than this of the traffic is not worth a word. */
const smallestChange = 0.01;
/** Parts that gained, and parts that lost, in one sentence. */
const partsNamed = 2;

const total = ({ counts }: ColumnCounts): number => counts.reduce((sum, count) => sum + count, 0);

const sharesOf = (column: ColumnCounts): readonly number[] => {
  const rows = total(column);
  return column.counts.map((count) => (rows === 0 ? 0 : count / rows));
};

/** Bins that hardly moved stand between those that did, so that a long run is not told of for a trifle. */
const direction = (change: number): number => (Math.abs(change) < smallestChange / 4 ? 0 : Math.sign(change));

/** Neighbouring bins that moved the same way, from the first to the last of each. */
const runsOf = (changes: readonly number[]): readonly (readonly [first: number, last: number])[] => {
  const runs: [number, number][] = [];
  changes.forEach((change, place) => {
    const run = runs.at(-1);
    if (run !== undefined && direction(changes[run[1]] ?? 0) === direction(change)) run[1] = place;
    else runs.push([place, place]);
  });
  return runs;
};

const sumBetween = (values: readonly number[], first: number, last: number): number =>
  values.slice(first, last + 1).reduce((sum, value) => sum + value, 0);

const spansOf = (bins: Bins, changes: readonly number[]): readonly (readonly [string, number, number])[] => {
  const missing = changes.length - 1;
  if (bins.kind === 'number')
    return [
      ...runsOf(changes.slice(0, missing)).map(
        ([first, last]) => [rangeName(bins.edges, first, last), first, last] as const,
      ),
      ['missing', missing, missing],
    ];
  return binNames(bins).map((name, place) => [name, place, place] as const);
};

/** How the rows of a column moved between its bins, largest change first; neighbours that moved alike are one part. */
export const partMovements = (column: Counted, window: ColumnCounts): readonly PartMovement[] => {
  const [before, now] = [sharesOf(column.counts), sharesOf(window)];
  const changes = now.map((share, place) => share - (before[place] ?? 0));
  return spansOf(column.bins, changes)
    .map(([part, first, last]) => ({
      part,
      before: sumBetween(before, first, last),
      now: sumBetween(now, first, last),
      change: sumBetween(changes, first, last),
    }))
    .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
};

const phrase = ({ part, change }: PartMovement): string =>
  `${change > 0 ? 'more' : 'less'} ${part} (${shownPoints(change)})`;

/**
 * Which values a column has more of and less of than before, in words, what gained first:
 * `"distance": more above 1,200 (+12 points), less up to 300 (−9 points)`. Points are of all rows of the window.
 */
export const describeMovement = (
  column: Counted & { readonly name: string },
  window: ColumnCounts,
): string => {
  const name = `"${shownName(column.name)}"`;
  const wrong = window.wrong === 0 ? [] : [`${shownNumber(window.wrong)} of the wrong kind`];
  if (total(column.counts) === 0) return [`${name}: nothing to compare with`, ...wrong].join(', ');
  if (total(window) === 0) return [`${name}: no values`, ...wrong].join(', ');
  if (missingOf(window) === total(window) && missingOf(column.counts) < total(column.counts))
    return [`${name}: every value is missing`, ...wrong].join(', ');
  const parts = partMovements(column, window).filter(({ change }) => Math.abs(change) >= smallestChange);
  const gained = parts.filter(({ change }) => change > 0).slice(0, partsNamed);
  const lost = parts.filter(({ change }) => change < 0).slice(0, partsNamed);
  const phrases = [...gained, ...lost].map(phrase);
  return `${name}: ${[...(phrases.length > 0 ? phrases : ['as before']), ...wrong].join(', ')}`;
};
