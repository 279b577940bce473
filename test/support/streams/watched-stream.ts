import { type Baseline, type BaselineParts, buildBaseline } from '../../../lib/domain/baseline/index.ts';
import { type Cell, type Profile, profileBuilder } from '../../../lib/domain/drift/index.ts';
import type { Predictions, Signature } from '../../../lib/domain/signature/index.ts';
import { type ConceptStream, type StreamRows, tableOf, takeRows } from './concept-stream.ts';

/** The class a frozen model answers to a row. */
export type Answer = (cells: Float64Array) => number;

/** Rows of a window as the monitor counts them, and how many the model got right. */
export interface WatchedWindow {
  readonly profile: Profile;
  readonly right: number;
}

export interface WatchedStream {
  readonly baseline: Baseline;
  readonly nextWindow: (rows: number) => WatchedWindow;
}

/** How sure the model is of every answer: it does not matter to what it answers. */
const sureness = 0.9;

const answersTo = ({ rows, columns }: StreamRows, answer: Answer): Int32Array => {
  const cells = new Float64Array(columns.length);
  return Int32Array.from({ length: rows }, (_, row) => {
    columns.forEach((column, index) => {
      cells[index] = column[row] as number;
    });
    return answer(cells);
  });
};

const predictionsOf = (labels: Int32Array, classes: number): Predictions => {
  const probabilities = new Float64Array(labels.length * classes).fill((1 - sureness) / (classes - 1));
  labels.forEach((label, row) => {
    probabilities[row * classes + label] = sureness;
  });
  return { kind: 'classes', labels, probabilities };
};

const signatureOf = ({ columns, classes }: ConceptStream): Signature => ({
  schemaVersion: 1,
  task: classes.length === 2 ? 'binary' : 'multiclass',
  target: 'class',
  columns: columns.map(({ name, values }) => ({
    name,
    kind: values === undefined ? 'number' : 'category',
    isNullable: false,
  })),
  inputs: [],
  outputs: {},
  classes,
  ...(classes.length === 2 && { positiveClass: classes[1] as string, threshold: 0.5 }),
});

interface Watched {
  readonly stream: ConceptStream;
  readonly answer: Answer;
  readonly baselineRows: number;
  /** @default - nothing is simulated or promised */
  readonly promise?: NonNullable<BaselineParts['promise']>;
}

const freeze = ({ stream, answer, baselineRows, promise }: Watched): Baseline => {
  const taken = takeRows(stream, baselineRows);
  const { classes } = stream;
  return buildBaseline({
    model: 'stream',
    datasetVersion: 'd1',
    table: tableOf(stream, taken),
    predictions: predictionsOf(answersTo(taken, answer), classes.length),
    target: { kind: 'classes', classes, indices: taken.labels },
    signature: signatureOf(stream),
    sensitiveColumns: [],
    ...(promise && { promise }),
  });
};

/** Freezes a baseline on the first rows of a stream under a model that never learns again, then counts windows of the next. */
export const watchStream = (options: Watched): WatchedStream => {
  const { stream, answer } = options;
  const baseline = freeze(options);
  const bins = baseline.columns.map((column) => column.bins);
  const { columns, classes } = stream;
  const cells = new Float64Array(columns.length);
  const probabilityOf = (label: number) => (classes.length === 2 && label === 0 ? 1 - sureness : sureness);
  const nextWindow = (rows: number): WatchedWindow => {
    const builder = profileBuilder(bins);
    let right = 0;
    for (let row = 0; row < rows; row += 1) {
      const truth = stream.next(cells);
      const label = answer(cells);
      if (label === truth) right += 1;
      builder.add((index): Cell => {
        if (index === columns.length) return classes[label];
        if (index > columns.length) return probabilityOf(label);
        const cell = cells[index] as number;
        if (Number.isNaN(cell)) return undefined;
        const values = columns[index]?.values;
        return values === undefined ? cell : values[cell];
      });
    }
    return { profile: builder.profile(), right };
  };
  return { baseline, nextWindow };
};
