import { isMillraceError } from '../../wire/errors.ts';
import type { ColumnTable, Target } from '../dataset/index.ts';
import {
  countDisagreements,
  type GateRow,
  type GateSettings,
  goldenGate,
  goldenRankingGate,
  recentBootstrapGate,
  recentGate,
  type SanityInput,
  sanityGate,
} from '../gates/index.ts';
import type { RandomStream } from '../random/index.ts';
import type { Predictions } from '../signature/index.ts';
import { judged, measure, type Task } from './measure.ts';
import { sliceRows } from './slices.ts';

/** Rows that champion and challenger were both asked, their probabilities in the order of the same classes. */
export interface Compared {
  readonly task: Task;
  readonly positiveClass?: string | undefined;
  readonly gates: GateSettings;
  readonly table: ColumnTable;
  readonly truth: Target;
  readonly champion: Predictions;
  readonly challenger: Predictions;
}

/** For classes 1 where the answer is right and 0 where not, for values the absolute error. */
const rightOrError = (truth: Target, answers: Predictions): Float64Array => {
  if (truth.kind === 'classes' && answers.kind === 'classes')
    return Float64Array.from(truth.indices, (index, row) => (answers.labels[row] === index ? 1 : 0));
  if (truth.kind === 'values' && answers.kind === 'values')
    return Float64Array.from(truth.values, (value, row) => Math.abs(value - (answers.values[row] as number)));
  return new Float64Array();
};

const columnOf = (predictions: Predictions, place: number): Float64Array => {
  if (predictions.kind === 'values') return predictions.values;
  const width = predictions.probabilities.length / predictions.labels.length;
  return Float64Array.from(predictions.labels, (_, row) =>
    Number(predictions.probabilities[row * width + place]),
  );
};

const positiveOf = ({ truth, positiveClass }: Compared): number =>
  truth.kind === 'classes' && positiveClass !== undefined ? truth.classes.indexOf(positiveClass) : 1;

/** 1 for a row of the positive class. */
const isPositive = (compared: Compared): Float64Array => {
  const { truth } = compared;
  const positive = positiveOf(compared);
  return truth.kind === 'values'
    ? truth.values
    : Float64Array.from(truth.indices, (index) => (index === positive ? 1 : 0));
};

/** Below, a model may lose a fifth of the rarer class within the margin of accuracy. */
const rareShare = 0.1;

const isRanking = (compared: Compared): boolean => {
  if (compared.task !== 'binary') return false;
  const positives = isPositive(compared);
  const share = positives.reduce((sum, value) => sum + value, 0) / positives.length;
  return compared.gates.minAuc !== undefined || Math.min(share, 1 - share) < rareShare;
};

const goldenRanking = (compared: Compared): GateRow => {
  const positive = positiveOf(compared);
  return goldenRankingGate({
    truth: isPositive(compared),
    champion: columnOf(compared.champion, positive),
    challenger: columnOf(compared.challenger, positive),
    maxLoss: compared.gates.maxGoldenLoss,
  });
};

/**
 * G1 on the golden set, slice by slice; by the AUC as well where model.json asks for one, and where a class is so rare that
 * accuracy would not miss it.
 */
export const goldenRows = (compared: Compared): GateRow[] => {
  const { task, gates, table, truth, champion, challenger } = compared;
  const byAnswers = goldenGate({
    task: task === 'regression' ? 'values' : 'classes',
    champion: rightOrError(truth, champion),
    challenger: rightOrError(truth, challenger),
    slices: sliceRows(gates.slices, table.columns),
    maxLoss: gates.maxGoldenLoss,
  });
  return isRanking(compared) ? [...byAnswers, goldenRanking(compared)] : byAnswers;
};

// 2,000 draws of 20,000 rows take about two seconds; the interval would hardly be narrower with more.
const maxBootstrapRows = 20_000;

const evenly = (values: ArrayLike<number>): Float64Array => {
  const rows = Math.min(values.length, maxBootstrapRows);
  return Float64Array.from({ length: rows }, (_, at) =>
    Number(values[Math.floor((at * values.length) / rows)]),
  );
};

const bootstrap = (compared: Compared, measureOf: 'auc' | 'error', random: RandomStream): GateRow => {
  const { champion, challenger, gates } = compared;
  const positive = positiveOf(compared);
  return recentBootstrapGate({
    random,
    measure: measureOf,
    truth: evenly(isPositive(compared)),
    champion: evenly(columnOf(champion, positive)),
    challenger: evenly(columnOf(challenger, positive)),
    minGain: gates.minRecentGain,
  });
};

/**
 * G2 on the newest rows: by the mean absolute error for values, by the AUC for two classes where model.json asks for one
 * (`gates.minAuc`: the model ranks, and rare positives leave its answers nearly all alike), else by right and wrong.
 */
export const recentRow = (compared: Compared, random: RandomStream): GateRow => {
  const { task, gates, truth, champion, challenger } = compared;
  if (task === 'regression') return bootstrap(compared, 'error', random);
  if (task === 'binary' && gates.minAuc !== undefined) return bootstrap(compared, 'auc', random);
  const counts = countDisagreements(rightOrError(truth, champion), rightOrError(truth, challenger));
  return recentGate(counts, gates.minRecentGain);
};

const calibrationErrorOf = (compared: Compared, answers: Predictions): number | null => {
  const { task, truth, positiveClass } = compared;
  try {
    return measure(judged(task, truth, answers, positiveClass)).metrics.calibrationError ?? null;
  } catch (error) {
    // Not to be measured on these rows: unknown, as the gate then says.
    if (!isMillraceError(error, 'EVALUATION_IMPOSSIBLE')) throw error;
    return null;
  }
};

const positiveRateOf = (compared: Compared, answers: Predictions): number | null => {
  if (answers.kind === 'values' || answers.labels.length === 0) return null;
  const positive = positiveOf(compared);
  return answers.labels.reduce((sum, label) => sum + (label === positive ? 1 : 0), 0) / answers.labels.length;
};

/**
 * What chance does to the difference of two calibration errors of n rows where both models say what is true: each is a mean
 * over bins of |said − observed|, the size of a normal number, whose variance is (1 − 2/π)·Σ p(1 − p)/n², p being what was
 * said of the answer given.
 */
const calibrationNoise = ({ champion, challenger }: Compared): number => {
  const varianceOf = (answers: Predictions): number => {
    if (answers.kind === 'values') return 0;
    const { probabilities, labels } = answers;
    const width = probabilities.length / labels.length;
    const sum = labels.reduce((total, label, row) => {
      const said = probabilities[row * width + label] ?? 0;
      return total + said * (1 - said);
    }, 0);
    return ((1 - 2 / Math.PI) * sum) / labels.length ** 2;
  };
  return Math.sqrt(varianceOf(champion) + varianceOf(challenger));
};

type Budgets = Pick<SanityInput, 'latencyMs' | 'sizeBytes' | 'parity'>;

/** G3: both models on the newest rows, where there are any, and what the challenger costs. */
export const sanityRows = (compared: Compared | undefined, task: Task, budgets: Budgets): GateRow[] => {
  const pair = (of: (compared: Compared, answers: Predictions) => number | null) => ({
    champion: compared === undefined ? null : of(compared, compared.champion),
    challenger: compared === undefined ? null : of(compared, compared.challenger),
  });
  return sanityGate({
    ...budgets,
    ...(compared && { rows: compared.table.rows }),
    ...(task !== 'regression' && {
      calibrationError: {
        ...pair(calibrationErrorOf),
        ...(compared && compared.table.rows > 0 && { noise: calibrationNoise(compared) }),
      },
    }),
    ...(task === 'binary' && { positiveRate: pair(positiveRateOf) }),
  });
};
