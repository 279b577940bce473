import type { Target } from '../../dataset/index.ts';
import type { TrainerSpec } from '../../model-spec/index.ts';
import type { OnTrainingProgress, TrainingMatrix } from '../training-matrix.ts';
import { type MarginedRows, rowsAtBase } from './boosting-state.ts';
import { binColumns, type FeatureBins, fitFeatureBins } from './feature-bins.ts';
import type { Growth } from './grow-tree.ts';
import { histogramOffsets } from './histogram.ts';
import { histogramPool } from './histogram-pool.ts';
import type { Objective } from './objective.ts';
import { objectiveFor } from './objective-for.ts';

export type BoostedTreesParams = Omit<
  Extract<TrainerSpec, { kind: 'boosted-trees' }>,
  'kind' | 'seed' | 'compute' | 'sagemaker'
>;

export interface BoostedTreesTraining {
  readonly matrix: TrainingMatrix;
  readonly target: Target;
  /** Rows that decide when to stop. @default - none: every round is kept */
  readonly validation?: { readonly matrix: TrainingMatrix; readonly target: Target } | undefined;
  readonly params: BoostedTreesParams;
  /** Matters only when rows or columns are sampled. */
  readonly seed: number;
  readonly onProgress?: OnTrainingProgress | undefined;
}

/** For histograms that wait for their leaf to be split: 31 leaves × 100 features × 256 bins take 19 MB. */
const histogramBudgetBytes = 512 * 2 ** 20;

/** A training under way. */
export interface Boosting {
  readonly objective: Objective;
  readonly params: BoostedTreesParams;
  readonly train: MarginedRows;
  readonly validation: MarginedRows | undefined;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  /** Rows in the order the tree being grown puts them. */
  readonly rowIndices: Int32Array;
  /** By output. */
  readonly growths: readonly Omit<Growth, 'features'>[];
}

const growthsOf = (
  bins: FeatureBins,
  columns: readonly Uint8Array[],
  params: BoostedTreesParams,
  derivatives: { readonly gradients: Float64Array; readonly hessians: Float64Array; readonly rows: number },
): Omit<Growth, 'features'>[] => {
  const { gradients, hessians, rows } = derivatives;
  const offsets = histogramOffsets(bins.thresholds);
  const length = offsets.at(-1) ?? 0;
  const shared = {
    rules: params,
    thresholds: bins.thresholds,
    pool: histogramPool(length, histogramBudgetBytes),
    scratchHistogram: new Float64Array(length),
    scratchRows: new Int32Array(rows),
  };
  const gathered = { gatheredGradients: new Float64Array(rows), gatheredHessians: new Float64Array(rows) };
  return Array.from({ length: gradients.length / rows }, (_, output) => ({
    ...shared,
    source: {
      columns,
      offsets,
      gradients: gradients.subarray(output * rows, (output + 1) * rows),
      hessians: hessians.subarray(output * rows, (output + 1) * rows),
      ...gathered,
    },
  }));
};

/** Bins the rows and sets them at the base scores; all memory of the training but that of the trees is taken here. */
export const prepareBoosting = ({ matrix, target, validation, params }: BoostedTreesTraining): Boosting => {
  const objective = objectiveFor(target);
  const bins = fitFeatureBins(matrix, params.maxBins);
  const columns = binColumns(matrix, bins);
  const { rows } = matrix;
  const gradients = new Float64Array(rows * objective.outputs);
  const hessians = new Float64Array(rows * objective.outputs);
  const validationRows = validation?.matrix.rows ?? 0;
  return {
    objective,
    params,
    train: rowsAtBase(columns, rows, target, objective),
    validation:
      validation === undefined || validationRows === 0
        ? undefined
        : rowsAtBase(binColumns(validation.matrix, bins), validationRows, validation.target, objective),
    gradients,
    hessians,
    rowIndices: new Int32Array(rows),
    growths: growthsOf(bins, columns, params, { gradients, hessians, rows }),
  };
};
