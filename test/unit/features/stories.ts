import { runFeatureGraph } from '../../../lib/adapters/onnx-runtime/run-feature-graph.ts';
import type { Column, ColumnKind, ColumnTable, Target } from '../../../lib/domain/dataset/index.ts';
import {
  addFeatureGraph,
  type FittedFeatures,
  featureSignatureInputs,
  fitFeatures,
} from '../../../lib/domain/features/index.ts';
import { ModelSpec, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { encodeOnnxModel, OnnxGraph } from '../../../lib/domain/onnx/index.ts';

type Cells = readonly (number | bigint | string)[];

export const column = (kind: ColumnKind, cells: Cells): Column => {
  switch (kind) {
    case 'number':
    case 'boolean':
      return { kind, values: Float64Array.from(cells, Number) };
    case 'datetime':
      return { kind, values: BigInt64Array.from(cells, BigInt) };
    default:
      return { kind, values: cells.map(String) };
  }
};

export const tableOf = (columns: Record<string, Column>): ColumnTable => {
  const entries = Object.entries(columns);
  return { rows: entries[0]?.[1].values.length ?? 0, columns: new Map(entries) };
};

export interface Story {
  readonly trainer?: 'linear' | 'boosted-trees';
  readonly table: ColumnTable;
  readonly target: Target;
  readonly features?: readonly unknown[];
  /** Columns that enter only through a transform. */
  readonly sources?: readonly string[];
}

export const resolvedFor = ({
  trainer = 'boosted-trees',
  table,
  target,
  features = [],
  sources = [],
}: Story): ResolvedSpec => {
  const classes = target.kind === 'classes' ? target.classes : undefined;
  const task = classes === undefined ? 'regression' : classes.length > 2 ? 'multiclass' : 'binary';
  return {
    spec: ModelSpec.parse({ name: 'story', task, target: 'y', trainer: { kind: trainer }, features }),
    columns: [...table.columns].map(([name, { kind }]) => ({
      name,
      kind,
      role: sources.includes(name) ? 'source' : 'feature',
      because: 'the story says so',
    })),
    targetName: 'y',
    ...(classes !== undefined && { classes }),
    ...(task === 'binary' && classes?.[1] !== undefined && { positiveClass: classes[1] }),
  };
};

export const fitStory = (story: Story): FittedFeatures =>
  fitFeatures({ table: story.table, target: story.target, resolved: resolvedFor(story) });

export interface Matrix {
  readonly names: readonly string[];
  readonly sources: readonly (readonly string[])[];
  readonly bytes: Uint8Array;
  /** The values of one feature for every row. */
  readonly feature: (name: string) => readonly number[];
}

/** Builds the graph, after a trip through JSON, and runs it over a table in ONNX Runtime. */
export const matrixOf = async (fitted: FittedFeatures, table: ColumnTable): Promise<Matrix> => {
  const graph = new OnnxGraph();
  const stored: FittedFeatures = JSON.parse(JSON.stringify(fitted));
  const { features, featureNames, sourceColumns } = addFeatureGraph(graph, stored);
  graph.output(features, 'float32', ['N', featureNames.length]);
  const bytes = encodeOnnxModel(graph);
  const values = await runFeatureGraph(bytes, featureSignatureInputs(stored), table);
  const width = featureNames.length;
  const feature = (name: string): number[] => {
    const position = featureNames.indexOf(name);
    if (position === -1) throw new Error(`no feature "${name}" among ${featureNames}`);
    return Array.from({ length: table.rows }, (_, row) => values[row * width + position] ?? Number.NaN);
  };
  return { names: featureNames, sources: sourceColumns, bytes, feature };
};

/** Rounded as the graph rounds, for comparison. */
export const float32 = (values: Iterable<number>): number[] => Array.from(values, Math.fround);

/** 0, 1, 0, 1, … : two classes. */
export const alternating = (rows: number): Target => ({
  kind: 'classes',
  classes: ['no', 'yes'],
  indices: Int32Array.from({ length: rows }, (_, row) => row % 2),
});
