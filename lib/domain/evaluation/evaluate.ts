import { isMillraceError } from '../../wire/errors.ts';
import type { ColumnTable, Target } from '../dataset/index.ts';
import { type GateSettings, judgeGates, verdictOf } from '../gates/index.ts';
import type { Predictions } from '../signature/index.ts';
import { advantageOver } from './advantage.ts';
import { type Evaluation, type EvaluationData, parseEvaluation } from './evaluation-document.ts';
import { type Judged, judged, measure, primaryMetrics, type Task } from './measure.ts';
import { binaryCurves } from './measure-binary.ts';
import { multiclassCalibration } from './measure-multiclass.ts';
import { residualSample } from './measure-regression.ts';
import { type Importance, permutationImportance } from './permutation-importance.ts';
import { measureSlices } from './slices.ts';
import { baselineName, type TrainingPriors, trivialBaseline } from './trivial-baseline.ts';

/** The champion's answers for the same rows, its probabilities in the order of the same classes; or why there are none. */
export type Champion =
  | { readonly version: number; readonly predictions: Predictions }
  | { readonly version: number; readonly because: string };

export interface EvaluationInput {
  readonly task: Task;
  /** Binary only; default the second class. */
  readonly positiveClass?: string;
  readonly truth: Target;
  readonly predictions: Predictions;
  readonly champion?: Champion;
  readonly trainingPriors: TrainingPriors;
  readonly gates: GateSettings;
  /** The test rows, in the order of `truth`: slices and importance read them. */
  readonly table: ColumnTable;
  /** Without it importance is null. */
  readonly importance?: {
    /** Answers a table shaped like `table`, with fewer rows. */
    readonly predict: (table: ColumnTable) => Promise<Predictions>;
    /** Raw columns to try; default all. Leave the target out. */
    readonly columns?: readonly string[];
    readonly random: () => number;
    readonly repeats?: number;
    readonly maxRows?: number;
  };
  readonly data?: EvaluationData;
}

const curvesOf = (side: Judged) => {
  const empty = { roc: [], precisionRecall: [], calibration: [], residuals: [] };
  if (side.task === 'binary') return { ...empty, ...binaryCurves(side.input) };
  if (side.task === 'regression') return { ...empty, residuals: residualSample(side.input) };
  return { ...empty, calibration: multiclassCalibration(side.input) };
};

const truthOn = (truth: Target, rows: Uint32Array): Target =>
  truth.kind === 'values'
    ? { kind: truth.kind, values: Float64Array.from(rows, (row) => truth.values[row] as number) }
    : {
        kind: truth.kind,
        classes: truth.classes,
        indices: Int32Array.from(rows, (row) => truth.indices[row] as number),
      };

const importanceOf = async (input: EvaluationInput): Promise<Importance | null> => {
  const { task, truth, table, positiveClass, importance } = input;
  if (importance === undefined) return null;
  const { predict, ...options } = importance;
  const { name, higherIsBetter } = primaryMetrics[task];
  return permutationImportance({
    ...options,
    table,
    metric: name,
    higherIsBetter,
    score: async (permuted, rows) => {
      const side = judged(task, truthOn(truth, rows), await predict(permuted), positiveClass);
      return measure(side).metrics[name] ?? null;
    },
  });
};

const championOf = (input: EvaluationInput): Evaluation['champion'] => {
  const { task, truth, champion, positiveClass } = input;
  if (champion === undefined) return undefined;
  if ('because' in champion) return { ...champion, metrics: null };
  const { version, predictions } = champion;
  try {
    const { metrics } = measure(judged(task, truth, predictions, positiveClass));
    return { version, metrics };
  } catch (error) {
    // A champion that cannot be measured makes the comparison unknown; it must not hide how the challenger did.
    if (!isMillraceError(error, 'EVALUATION_IMPOSSIBLE')) throw error;
    return { version, metrics: null, because: error.message };
  }
};

/**
 * Measures a model on the test rows against its gates, a trivial baseline and the champion, as `metrics.json` has it.
 * Throws EVALUATION_IMPOSSIBLE for no rows, or answers that are not finite, not probabilities or of the wrong count.
 */
export const evaluate = async (input: EvaluationInput): Promise<Evaluation> => {
  const { task, truth, predictions, positiveClass, trainingPriors, gates: settings } = input;
  const side = judged(task, truth, predictions, positiveClass);
  const measured = measure(side);
  const baselineSide = judged(task, truth, trivialBaseline(trainingPriors, measured.rows), positiveClass);
  const baseline = {
    name: baselineName(trainingPriors),
    metrics: measure(baselineSide).metrics,
    advantage: advantageOver(side, measured, baselineSide),
  };
  const champion = championOf(input);
  const primary = primaryMetrics[task];
  const { metrics, unknown, perClass, confusion } = measured;
  const gates = judgeGates({ settings, primary, metrics, unknown, baseline, ...(champion && { champion }) });
  return parseEvaluation({
    schemaVersion: 1,
    task,
    rows: measured.rows,
    classes: truth.kind === 'classes' ? truth.classes : [],
    ...(side.task === 'binary' ? { positiveClass: side.input.classes?.[1] } : {}),
    primary: { ...primary, value: metrics[primary.name] ?? null },
    metrics,
    unknown,
    perClass,
    confusion,
    curves: curvesOf(side),
    slices: measureSlices(side, settings.slices, input.table.columns),
    importance: await importanceOf(input),
    baseline,
    ...(champion && { champion }),
    gates,
    verdict: verdictOf(gates),
    data: { testRows: measured.rows, ...input.data },
  });
};
