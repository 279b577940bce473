import type { ColumnTable, Target } from '../dataset/index.ts';
import { type BaselineColumn, requiredRows } from '../drift/index.ts';
import { minReferenceWindows } from '../quality/index.ts';
import { type RandomStream, seededRandom } from '../random/index.ts';
import type { Predictions, Signature } from '../signature/index.ts';
import { Baseline } from './baseline.ts';
import { binRows, countedColumns } from './binned-rows.ts';
import { buildQuality } from './build-quality.ts';
import { buildWeekdays } from './build-weekdays.ts';
import { cutWindows } from './cut-windows.ts';
import { describeFeatures, describeLabel, describePredictions } from './describe-columns.ts';
import { rowsInTime, shuffledRows } from './row-order.ts';
import { simulatePromises } from './simulate-promises.ts';

export interface BaselineParts {
  readonly model: string;
  readonly datasetVersion: string;
  /** The validation part, what the model answers on it, and what was true. */
  readonly table: ColumnTable;
  readonly predictions: Predictions;
  readonly target: Target;
  readonly signature: Signature;
  /** Captured as hashes, so that only their being there can be compared. */
  readonly sensitiveColumns: readonly string[];
  /** Not captured at all, so that they cannot be watched. */
  readonly omittedColumns?: readonly string[];
  /** When each row happened, milliseconds since the epoch, NaN where unknown. @default - nobody knows of any */
  readonly times?: Float64Array;
  /** What permuting each feature costs. @default - not measured */
  readonly importance?: readonly { readonly column: string; readonly mean: number }[];
  /** Rows a window has at least. @default 500 */
  readonly minRows?: number;
  /** How long windows are and what is promised of their alarms. @default - nothing is simulated or promised */
  readonly promise?: { readonly windowHours: number; readonly falsePageMonths: number };
  /** Draws windows, and an order where rows have no time. @default - of seed 0 */
  readonly random?: RandomStream;
}

/** Share of each feature in what permuting all of them costs; a feature whose permuting helps has none. */
const sharesOf = (
  importance: BaselineParts['importance'],
  columns: readonly BaselineColumn[],
): Record<string, number> | undefined => {
  const names = new Set(columns.map(({ name }) => name));
  const known = (importance ?? []).filter(({ column, mean }) => names.has(column) && mean > 0);
  const sum = known.reduce((total, { mean }) => total + mean, 0);
  return sum > 0 ? Object.fromEntries(known.map(({ column, mean }) => [column, mean / sum])) : undefined;
};

/** The windows the rows make; fewer than a reference needs tell nothing of how much they differ by themselves. */
const windowsOf = (times: Float64Array, windowHours: number, needed: number) => {
  const windows = cutWindows(rowsInTime(times), times, windowHours, needed);
  return windows.length < minReferenceWindows ? undefined : windows;
};

/** Freezes what the validation rows look like, to the model and to the eye, and how well it does on them. */
export const buildBaseline = (parts: BaselineParts): Baseline => {
  const { model, datasetVersion, table, predictions, target, signature, times, minRows = 500 } = parts;
  const { sensitiveColumns, omittedColumns = [], promise, random = seededRandom(0) } = parts;
  const { rows } = table;
  const described = [
    ...describeFeatures(table, signature, { sensitiveColumns, omittedColumns }),
    ...describePredictions(predictions, signature),
  ];
  const binned = binRows(described, rows);
  const columns = countedColumns(described, binned);
  const labels = [describeLabel(target, signature.target)];
  const [label] = countedColumns(labels, binRows(labels, rows));
  const needed = requiredRows(rows, columns.length, minRows);
  const order = shuffledRows(rows, random);
  const windows = times && promise && windowsOf(times, promise.windowHours, needed);
  const built = buildQuality({
    ...{ predictions, target, signature, binned, order, windows, minRows },
    requiredRows: needed,
  });
  const importance = sharesOf(parts.importance, columns);
  const weekdays = times && buildWeekdays({ rows, columns: [...columns] }, binned, times, minRows);
  const baseline = Baseline.parse({
    schemaVersion: 2,
    ...{ model, datasetVersion, rows, columns, label },
    ...(importance && { importance }),
    ...(weekdays && { weekdays }),
    quality: built.quality,
  });
  if (promise === undefined) return baseline;
  const promises = simulatePromises({
    ...{ baseline, described, binned, built, windows, minRows, random },
    ...promise,
  });
  return { ...baseline, promises: [...promises] };
};
