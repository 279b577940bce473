import { MillraceError } from '../../wire/errors.ts';
import { type Column, type ColumnTable, missingDatetime } from '../dataset/index.ts';
import { type Cell, describeValue, expectedOf, missing, readCell, wrong } from './read-cell.ts';
import type { Signature, SignatureColumn } from './signature.ts';

export interface RowLimits {
  /** @default - any number */
  readonly maxRows?: number;
  /** UTF-16 units of one category or text. @default 100000 */
  readonly maxTextLength?: number;
}

/** One thing wrong with the rows sent. `row` counts from 0. */
export interface RowIssue {
  readonly row: number;
  /** Absent when the row as a whole is wrong. */
  readonly column?: string;
  readonly expected: string;
  readonly came: string;
}

/** Enough to mend a client by, few enough to read. */
const maxIssues = 20;

type Row = Readonly<Record<string, unknown>>;

/**
 * Checks rows a client sent against the signature and makes a table of them. Numbers must be JSON numbers; datetimes
 * ISO 8601 strings (no zone: UTC) or epoch milliseconds; categories strings, or whole numbers and booleans, which are
 * read as their JSON text ("101", "true"). Missing columns and null are accepted where the column is nullable.
 * Throws PREDICTION_INPUT_INVALID with `details.issues`, every problem found up to 20.
 */
export const parseRows = (
  rows: readonly unknown[],
  signature: Signature,
  limits: RowLimits = {},
): ColumnTable => {
  const issues: RowIssue[] = [];
  const { maxRows = Number.POSITIVE_INFINITY, maxTextLength = 100_000 } = limits;
  if (rows.length > maxRows || rows.length === 0) {
    const expected = rows.length === 0 ? 'at least one row' : `at most ${maxRows} rows`;
    refuse([{ row: Math.min(rows.length, maxRows), expected, came: `${rows.length} rows` }]);
  }
  const objects = checkShape(rows, signature, issues);
  const columns = new Map<string, Column>();
  for (const column of signature.columns)
    columns.set(column.name, readColumn(column, objects, { issues, maxTextLength }));
  if (issues.length > 0) refuse(issues);
  return { rows: rows.length, columns };
};

const refuse = (found: readonly RowIssue[]): never => {
  const issues = found.slice(0, maxIssues);
  const [first] = issues;
  const where =
    first?.column === undefined ? `row ${first?.row}` : `row ${first.row}, column "${first.column}"`;
  const count = found.length > maxIssues ? `more than ${maxIssues} problems` : `${found.length} problem(s)`;
  throw new MillraceError(
    'PREDICTION_INPUT_INVALID',
    `${count} in the rows sent, the first: ${where} expects ${first?.expected}, came ${first?.came}`,
    { issues },
  );
};

/** Every row an object with no column the model does not know. A row that is not an object is undefined. */
const checkShape = (
  rows: readonly unknown[],
  signature: Signature,
  issues: RowIssue[],
): readonly (Row | undefined)[] => {
  const known = new Set(signature.columns.map(({ name }) => name));
  return rows.map((row, index) => {
    if (!isRow(row)) {
      issues.push({ row: index, expected: 'an object of columns', came: describeValue(row) });
      return undefined;
    }
    for (const name of Object.keys(row)) {
      if (known.has(name) || issues.length > maxIssues) continue;
      const expected = `only the columns ${listed([...known])}`;
      issues.push({ row: index, column: name, expected, came: 'a column the model does not know' });
    }
    return row;
  });
};

const listed = (names: readonly string[]): string =>
  names.length <= maxIssues ? names.join(', ') : `${names.slice(0, maxIssues).join(', ')}, …`;

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Reading {
  readonly issues: RowIssue[];
  readonly maxTextLength: number;
}

const readColumn = (
  column: SignatureColumn,
  rows: readonly (Row | undefined)[],
  reading: Reading,
): Column => {
  const { kind } = column;
  const read = cellReader(column, rows, reading);
  switch (kind) {
    case 'number':
    case 'boolean':
      return { kind, values: Float64Array.from(rows, (_, row) => numberOf(read(row))) };
    case 'datetime':
      return { kind, values: BigInt64Array.from(rows, (_, row) => datetimeOf(read(row))) };
    default:
      return { kind, values: rows.map((_, row) => textOf(read(row))) };
  }
};

const numberOf = (cell: Cell): number => (typeof cell === 'number' ? cell : Number.NaN);
const datetimeOf = (cell: Cell): bigint => (typeof cell === 'bigint' ? cell : missingDatetime);
const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : '');

/** Gives the cell of a row; what is wrong with it goes to the issues, and the cell counts as missing. */
const cellReader =
  (column: SignatureColumn, rows: readonly (Row | undefined)[], { issues, maxTextLength }: Reading) =>
  (index: number): Cell => {
    const row = rows[index];
    if (row === undefined) return missing; // reported already
    const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
    const cell = readCell(value, column.kind, maxTextLength);
    if (cell !== wrong && (cell !== missing || column.isNullable)) return cell;
    if (issues.length <= maxIssues) {
      const expected = expectedOf(column, maxTextLength);
      issues.push({ row: index, column: column.name, expected, came: describeValue(value) });
    }
    return missing;
  };
