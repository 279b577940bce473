import type { Column, ColumnTable } from '../../domain/dataset/index.ts';
import type { Finding } from '../../domain/doctor/index.ts';
import type { Predictions, Signature } from '../../domain/signature/index.ts';
import { isMillraceError } from '../../wire/errors.ts';
import { type OpenModel, openModel } from './open-model.ts';

const maxRows = 16;

/** How far float32 probabilities of a good model stray from a sum of 1, and a row alone from the row in a batch. */
const tolerance = 1e-3;

/**
 * Loads a model and runs it on the first rows of a table, together and one by one. Gives what keeps it from being
 * served: an empty list is a model that works. Everything recognised is a finding, not an exception.
 */
export const rehearseModel = async (
  model: Uint8Array | string,
  signature: Signature,
  table: ColumnTable,
): Promise<readonly Finding[]> => {
  let opened: OpenModel;
  try {
    opened = await openModel(model, signature);
  } catch (cause) {
    return [
      failed('DOES_NOT_LOAD', cause, 'export it anew with target_opset 21 and check it with onnx.checker'),
    ];
  }
  try {
    const rows = Math.min(maxRows, table.rows);
    const together = await opened.run(slice(table, 0, rows));
    const alone: Predictions[] = [];
    for (let row = 0; row < rows; row++) alone.push(await opened.run(slice(table, row, row + 1)));
    return [...examineProbabilities(together, signature), ...examineRows(together, alone)];
  } catch (cause) {
    return [failed('DOES_NOT_RUN', cause, 'run it in Python on the same rows; missing values are NaN or ""')];
  } finally {
    await opened.release();
  }
};

/** What Millrace raised about the model becomes a finding; anything else is a fault of ours and flies on. */
const failed = (code: 'DOES_NOT_LOAD' | 'DOES_NOT_RUN', cause: unknown, fix: string): Finding => {
  if (!isMillraceError(cause)) throw cause;
  const [what = ''] = cause.message.split('; ');
  return { severity: 'error', code, what, fix };
};

const examineProbabilities = (predictions: Predictions, { classes = [] }: Signature): Finding[] => {
  if (predictions.kind === 'values') return [];
  const probabilities = Array.from(predictions.probabilities);
  const rows = Math.max(1, probabilities.length / classes.length);
  const total = probabilities.reduce((sum, probability) => sum + probability, 0);
  const isOutside = probabilities.some(
    (probability) => probability < -tolerance || probability > 1 + tolerance,
  );
  if (!isOutside && Math.abs(total / rows - 1) <= tolerance) return [];
  const first = probabilities.slice(0, classes.length).join(', ');
  return [
    {
      severity: 'error',
      code: 'NOT_PROBABILITIES',
      what: `the first row is answered with ${first}: not between 0 and 1 with a sum of 1`,
      fix: 'end the model with Sigmoid or Softmax, or export predict_proba instead of decision_function',
    },
  ];
};

const examineRows = (together: Predictions, alone: readonly Predictions[]): Finding[] => {
  const batch = numbersOf(together);
  const single = alone.flatMap((predictions) => [...numbersOf(predictions)]);
  const scale = single.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  if (single.every((value, i) => Math.abs(value - (batch[i] ?? Number.NaN)) <= tolerance * scale)) return [];
  return [
    {
      severity: 'error',
      code: 'ROWS_DEPEND',
      what: 'a row is answered differently alone than among others',
      fix: 'export the model for inference (model.eval() in torch), without statistics over the batch',
    },
  ];
};

const numbersOf = (predictions: Predictions): Float32Array | Float64Array =>
  predictions.kind === 'values' ? predictions.values : predictions.probabilities;

const slice = (table: ColumnTable, from: number, to: number): ColumnTable => {
  const columns = [...table.columns].map(([name, column]) => [name, sliceColumn(column, from, to)] as const);
  return { rows: to - from, columns: new Map(columns) };
};

const sliceColumn = (column: Column, from: number, to: number): Column => {
  switch (column.kind) {
    case 'number':
    case 'boolean':
      return { kind: column.kind, values: column.values.slice(from, to) };
    case 'datetime':
      return { kind: column.kind, values: column.values.slice(from, to) };
    default:
      return { kind: column.kind, values: column.values.slice(from, to) };
  }
};
