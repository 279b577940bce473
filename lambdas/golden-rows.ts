import { type Column, type ColumnTable, missingDatetime } from '../lib/domain/dataset/index.ts';
import { type Predictions, parseRows, type Signature } from '../lib/domain/signature/index.ts';
import type { JsonObject, JsonValue } from '../lib/wire/json.ts';

/** One line of golden.jsonl: a row as a client sends it, and what the model answered: probabilities in class order, or one value. */
interface GoldenRow {
  readonly row: JsonObject;
  readonly answer: readonly number[];
}

/** What a loaded model does. */
export interface AnswersTables {
  run(table: ColumnTable): Promise<Predictions>;
}

/** How far two answers to one row may lie apart. */
export const parityTolerance = 1e-6;

const goldenCount = 50;

const valueAt = (column: Column, row: number): JsonValue => {
  if (column.kind === 'category' || column.kind === 'text') return column.values[row] || null;
  if (column.kind === 'datetime') {
    const at = column.values[row] ?? missingDatetime;
    return at === missingDatetime ? null : new Date(Number(at)).toISOString();
  }
  const value = column.values[row] ?? Number.NaN;
  if (!Number.isFinite(value)) return null;
  return column.kind === 'boolean' ? value === 1 : value;
};

/** The answer to one row: probabilities in class order, or one value. */
const answerAt = (predictions: Predictions, row: number): number[] => {
  if (predictions.kind === 'values') return [predictions.values[row] ?? Number.NaN];
  const classCount = predictions.probabilities.length / predictions.labels.length;
  return [...predictions.probabilities.subarray(row * classCount, (row + 1) * classCount)];
};

/** A row as a client sends it; `undefined` where a client may not: a value is missing that training always saw. */
const clientRow = (table: ColumnTable, at: number, signature: Signature): JsonObject | undefined => {
  const cells = new Map<string, JsonValue>();
  for (const { name, isNullable } of signature.columns) {
    const column = table.columns.get(name);
    const value = column === undefined ? null : valueAt(column, at);
    if (value === null && !isNullable) return undefined;
    cells.set(name, value);
  }
  return Object.fromEntries(cells);
};

/** Evenly spaced rows of a table as JSON lines, each with its answer. */
export const goldenRows = (table: ColumnTable, predictions: Predictions, signature: Signature): string => {
  const count = Math.min(goldenCount, table.rows);
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor((index * table.rows) / count);
    const row = clientRow(table, at, signature);
    return row === undefined ? '' : `${JSON.stringify({ row, answer: answerAt(predictions, at) })}\n`;
  }).join('');
};

/** Whether the answers are the ones kept, and in words how far they lie apart. No row compared proves nothing. */
export interface Replay {
  readonly isSame: boolean;
  /** Null when no row was compared. */
  readonly maxDifference: number | null;
  readonly because: string;
}

/** Sends the golden rows the way a client would, through the serving code: parse, check, run. */
export const replayGoldenRows = async (
  golden: string,
  model: AnswersTables,
  signature: Signature,
): Promise<Replay> => {
  const kept: GoldenRow[] = golden
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const table = parseRows(
    kept.map(({ row }) => row),
    signature,
  );
  const predictions = await model.run(table);
  const differences = kept.flatMap(({ answer }, row) =>
    answerAt(predictions, row).map((value, place) => Math.abs(value - (answer[place] ?? Number.NaN))),
  );
  // Math.max, unlike a comparison, lets NaN through: an answer that is no number is a difference.
  const largestDifference = Math.max(0, ...differences);
  return {
    isSame: kept.length > 0 && largestDifference <= parityTolerance,
    maxDifference: kept.length > 0 ? largestDifference : null,
    because: `${kept.length} golden rows differ by at most ${largestDifference.toExponential(1)}, allowed ${parityTolerance}`,
  };
};
