import type { Column, ColumnTable } from '../dataset/index.ts';

/** Some rows of a column, in the order given; a row may be asked for more than once. */
export const pickRows = (column: Column, rows: Uint32Array): Column => {
  if (column.kind === 'datetime')
    return { kind: column.kind, values: BigInt64Array.from(rows, (row) => column.values[row] as bigint) };
  if (column.kind === 'number' || column.kind === 'boolean')
    return { kind: column.kind, values: Float64Array.from(rows, (row) => column.values[row] as number) };
  return { kind: column.kind, values: Array.from(rows, (row) => column.values[row] as string) };
};

/** Some rows of a table. */
export const pickTable = (table: ColumnTable, rows: Uint32Array): ColumnTable => ({
  rows: rows.length,
  columns: new Map([...table.columns].map(([name, column]) => [name, pickRows(column, rows)])),
});
