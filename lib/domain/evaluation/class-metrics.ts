import { type ClassMetrics, type Confusion, type Known, orNull, ratio } from './measured.ts';

/** Counts of `[truth, answer]`, row-major K × K. */
export const countConfusion = (truth: Int32Array, answers: Int32Array, classes: number): Float64Array => {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < truth.length; row++) {
    const cell = (truth[row] as number) * classes + (answers[row] as number);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
};

interface Tally {
  readonly hits: number;
  readonly rows: number;
  readonly answered: number;
}

const tally = (counts: Float64Array, classes: number, index: number): Tally => {
  let rows = 0;
  let answered = 0;
  for (let other = 0; other < classes; other++) {
    rows += counts[index * classes + other] as number;
    answered += counts[other * classes + index] as number;
  }
  return { hits: counts[index * classes + index] as number, rows, answered };
};

/** Precision, recall and F1 of every class, each null where nothing defines it. */
export const classMetrics = (
  counts: Float64Array,
  classes: readonly string[],
  aucs: readonly Known[],
): readonly ClassMetrics[] =>
  classes.map((name, index) => {
    const { hits, rows, answered } = tally(counts, classes.length, index);
    return {
      class: name,
      rows,
      answered,
      precision: orNull(ratio(hits, answered, 'never answered')),
      recall: orNull(ratio(hits, rows, 'no test row')),
      f1: orNull(ratio(2 * hits, rows + answered, 'no test row and never answered')),
      auc: orNull(aucs[index] ?? { because: 'not ranked' }),
    };
  });

/** Share of rows answered rightly. */
export const accuracy = (counts: Float64Array, classes: number): number => {
  let hits = 0;
  let rows = 0;
  for (let cell = 0; cell < counts.length; cell++) rows += counts[cell] as number;
  for (let index = 0; index < classes; index++) hits += counts[index * classes + index] as number;
  return hits / rows;
};

/**
 * Macro (every class alike) and weighted (by test rows) means. A class never answered has precision 0 here, because
 * missing it altogether must not raise the mean; a class neither present nor answered is left out. These are the
 * conventions of scikit-learn with zero_division=0.
 */
export const averages = (perClass: readonly ClassMetrics[]): Record<string, Known> => {
  const seen = perClass.filter(({ rows, answered }) => rows + answered > 0);
  const total = seen.reduce((sum, { rows }) => sum + rows, 0);
  const mean = (name: 'precision' | 'recall' | 'f1', weight: (entry: ClassMetrics) => number): Known => ({
    value: seen.reduce((sum, entry) => sum + weight(entry) * (entry[name] ?? 0), 0),
  });
  return {
    macroPrecision: mean('precision', () => 1 / seen.length),
    macroRecall: mean('recall', () => 1 / seen.length),
    macroF1: mean('f1', () => 1 / seen.length),
    weightedPrecision: mean('precision', ({ rows }) => rows / total),
    weightedRecall: mean('recall', ({ rows }) => rows / total),
    weightedF1: mean('f1', ({ rows }) => rows / total),
  };
};

/** More classes than this make a matrix nobody reads: the largest stay, the rest are added up as one. */
const maxConfusionClasses = 30;

/** The confusion matrix as a document; beyond 30 classes the smaller ones are added up under `other`. */
export const confusionOf = (counts: Float64Array, classes: readonly string[]): Confusion => {
  const size = classes.length;
  const place = Int32Array.from(classes.keys());
  let names = [...classes];
  if (size > maxConfusionClasses) {
    const kept = [...classes.keys()]
      .sort((a, b) => tally(counts, size, b).rows - tally(counts, size, a).rows || a - b)
      .slice(0, maxConfusionClasses - 1)
      .sort((a, b) => a - b);
    place.fill(kept.length);
    kept.forEach((index, at) => {
      place[index] = at;
    });
    names = [...kept.map((index) => classes[index] as string), `${size - kept.length} other classes`];
  }
  const folded = names.map(() => new Array<number>(names.length).fill(0));
  for (let cell = 0; cell < counts.length; cell++) {
    const line = folded[place[Math.floor(cell / size)] as number] as number[];
    const column = place[cell % size] as number;
    line[column] = (line[column] as number) + (counts[cell] as number);
  }
  return { classes: names, counts: folded };
};
