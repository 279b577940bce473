import { MillraceError } from '../../wire/errors.ts';
import type { Column, ColumnTable } from '../dataset/index.ts';

/** A column that has to be there. Throws INPUT_INVALID when it is not. */
export const columnOf = (table: ColumnTable, name: string): Column => {
  const column = table.columns.get(name);
  if (column === undefined)
    throw new MillraceError('INPUT_INVALID', `the table has no column "${name}", which the model reads`, {
      column: name,
      columns: [...table.columns.keys()],
    });
  return column;
};

/** The strings of a category or text column. Throws INPUT_INVALID for another kind. */
export const stringsOf = (table: ColumnTable, name: string): readonly string[] => {
  const column = columnOf(table, name);
  if (column.kind === 'category' || column.kind === 'text') return column.values;
  throw new MillraceError('INPUT_INVALID', `column "${name}" is a ${column.kind}, expected a category`, {
    column: name,
  });
};
