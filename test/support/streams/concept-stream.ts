import type { Column, ColumnTable } from '../../../lib/domain/dataset/index.ts';

/** A number column, NaN where it is missing, or a category whose cells are positions in `values`. */
export interface StreamColumn {
  readonly name: string;
  readonly values?: readonly string[];
}

/** An endless seeded stream of rows whose true law is known: what MOA calls a generator. */
export interface ConceptStream {
  readonly columns: readonly StreamColumn[];
  readonly classes: readonly string[];
  /** Writes the cells of the next row, one a column, and returns the index of its class, noise included. */
  readonly next: (cells: Float64Array) => number;
}

/** From the row on (the first is 0) another concept holds, all at once; the draws of inputs go on as before. */
export interface ConceptSwitch<Concept> {
  readonly atRow: number;
  readonly to: Concept;
}

export interface StreamOptions<Concept> {
  readonly seed: number;
  readonly concept: Concept;
  readonly switch?: ConceptSwitch<Concept>;
}

/** Answers, row after row, which concept holds. */
export const conceptCounter = <Concept>(options: StreamOptions<Concept>): (() => Concept) => {
  let row = 0;
  return () => {
    const { concept, switch: change } = options;
    const current = change !== undefined && row >= change.atRow ? change.to : concept;
    row += 1;
    return current;
  };
};

/** Rows taken from a stream, column by column. */
export interface StreamRows {
  readonly rows: number;
  /** In the order of the stream's columns; positions in `values` for a category. */
  readonly columns: readonly Float64Array[];
  /** Class indices. */
  readonly labels: Int32Array;
}

/** Takes the next rows off a stream. */
export const takeRows = (stream: ConceptStream, rows: number): StreamRows => {
  const columns = stream.columns.map(() => new Float64Array(rows));
  const labels = new Int32Array(rows);
  const cells = new Float64Array(columns.length);
  for (let row = 0; row < rows; row += 1) {
    labels[row] = stream.next(cells);
    columns.forEach((column, index) => {
      column[row] = cells[index] as number;
    });
  }
  return { rows, columns, labels };
};

const columnOf = ({ values }: StreamColumn, cells: Float64Array): Column =>
  values === undefined
    ? { kind: 'number', values: cells }
    : { kind: 'category', values: Array.from(cells, (cell) => values[cell] as string) };

/** The same rows as a table, categories by name. */
export const tableOf = (stream: ConceptStream, { rows, columns }: StreamRows): ColumnTable => ({
  rows,
  columns: new Map(
    stream.columns.map((column, index) => [column.name, columnOf(column, columns[index] as Float64Array)]),
  ),
});
