import { type BaselineColumn, type Bins, categoryBins } from '../drift/index.ts';
import { nextBelow } from './adjacent-number.ts';
import {
  ConstraintsFile,
  type FeatureStatistics,
  type NumericalStatistics,
  StatisticsFile,
  type StringStatistics,
} from './file-shapes.ts';
import { parseFile } from './parse-file.ts';

/** What two files of Model Monitor tell of the features. Predictions and labels are not in them. */
export interface FeatureBaseline {
  readonly rows: number;
  readonly columns: readonly BaselineColumn[];
  /** The columns that could not be read, each with the reason. */
  readonly because: readonly string[];
}

interface Counted {
  readonly bins: Bins;
  readonly counts: readonly number[];
}

/** A column, or why it is none. */
type Outcome = Counted | string;

/** A sketch counts roughly; what is further off than this was not counted at all. */
const maxLostShare = 0.01;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

const readNumbers = ({ common, distribution, min, max }: NumericalStatistics): Outcome => {
  const buckets = distribution?.kll?.buckets;
  if (buckets === undefined) return 'its numbers come without distribution.kll.buckets';
  const counted = sum(buckets.map(({ count }) => count));
  const present = common.num_present;
  if (Math.abs(counted - present) > maxLostShare * present)
    return `its buckets hold ${counted} values where num_present is ${present}`;
  // A column of one value has all its bounds there: bins of the same edge are one.
  const below = new Map<number, number>();
  for (const { upper_bound, count } of buckets.slice(0, -1)) {
    const edge = nextBelow(upper_bound);
    below.set(edge, (below.get(edge) ?? 0) + count);
  }
  const last = buckets.at(-1);
  return {
    bins: {
      kind: 'number',
      edges: [...below.keys()],
      min: min ?? buckets[0]?.lower_bound ?? null,
      max: max ?? last?.upper_bound ?? null,
    },
    counts: [...below.values(), last?.count ?? 0, common.num_missing],
  };
};

const countTexts = (
  buckets: readonly { readonly value: string; readonly count: number }[],
  domains: readonly string[],
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { value, count } of buckets) counts.set(value, (counts.get(value) ?? 0) + count);
  for (const value of domains) if (!counts.has(value)) counts.set(value, 0);
  return counts;
};

const readTexts = ({ common, distribution }: StringStatistics, domains: readonly string[]): Outcome => {
  const buckets = distribution?.categorical?.buckets;
  const texts = countTexts(buckets ?? [], buckets === undefined ? [] : domains);
  const rest = common.num_present - sum([...texts.values()]);
  if (rest < 0) return `its values were counted ${-rest} times more than num_present says`;
  const bins = categoryBins(texts) as Extract<Bins, { kind: 'category' }>;
  const alone = bins.values.map((value) => texts.get(value) ?? 0);
  return {
    bins: { ...bins, isClosed: buckets !== undefined && bins.isClosed && rest === 0 },
    counts: [...alone, common.num_present - sum(alone), common.num_missing],
  };
};

const readFeature = (feature: FeatureStatistics, domains: readonly string[]): Outcome => {
  if (feature.numerical_statistics) return readNumbers(feature.numerical_statistics);
  if (feature.string_statistics) return readTexts(feature.string_statistics, domains);
  return `statistics.json has no statistics of it (type ${feature.inferred_type})`;
};

/**
 * Reads Model Monitor's files, ours or those of its own containers, into columns to compare windows with.
 * Its buckets become our bins as they are: ten of equal width rather than deciles, counted by a sketch. A value that
 * `constraints.json` allows belongs to its column though no row had it. Throws BASELINE_FILE_INVALID.
 */
export const readModelMonitorFiles = (files: {
  readonly statistics: string;
  readonly constraints: string;
}): FeatureBaseline => {
  const { dataset, features } = parseFile(files.statistics, 'statistics.json', StatisticsFile);
  const constraints = parseFile(files.constraints, 'constraints.json', ConstraintsFile).features;
  const allowed = new Map(constraints.map((one) => [one.name, one.string_constraints?.domains ?? []]));
  const columns: BaselineColumn[] = [];
  const because: string[] = [];
  for (const feature of features) {
    const { name } = feature;
    const read = readFeature(feature, allowed.get(name) ?? []);
    allowed.delete(name);
    if (typeof read === 'string') because.push(`${name}: ${read}`);
    else {
      const counts = { counts: [...read.counts], outside: 0, wrong: 0 };
      columns.push({ name, of: 'feature', bins: read.bins, counts });
    }
  }
  for (const name of allowed.keys()) because.push(`${name}: statistics.json does not name it`);
  return { rows: dataset.item_count, columns, because };
};
