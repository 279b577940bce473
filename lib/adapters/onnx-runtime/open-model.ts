import type { Tensor } from 'onnxruntime-node';
import type { ColumnTable } from '../../domain/dataset/index.ts';
import {
  chooseLabels,
  type Predictions,
  type Signature,
  tableToTensors,
} from '../../domain/signature/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { batches, createSession, runSession } from './run-session.ts';

export interface OpenModel {
  /** Throws MODEL_RUN_FAILED, or PREDICTION_INPUT_INVALID when the table cannot become the model's inputs. */
  run(table: ColumnTable): Promise<Predictions>;
  /** Frees the memory of the session; running afterwards fails. */
  release(): Promise<void>;
}

/**
 * Loads a model, from bytes or a file, to answer by its signature. A run blocks the thread it is called on.
 * Throws MODEL_FILE_INVALID when ONNX Runtime cannot load it.
 */
export const openModel = async (
  model: Uint8Array | string,
  signature: Signature,
  options: { readonly threads?: number } = {},
): Promise<OpenModel> => {
  const session = await createSession(model, options);
  const output = signature.task === 'regression' ? signature.outputs.value : signature.outputs.probabilities;
  if (output === undefined || !session.outputNames.includes(output))
    throw new MillraceError(
      'MODEL_FILE_INVALID',
      `the model has no output "${output}", its signature names it`,
      {
        outputs: session.outputNames,
      },
    );
  const width = signature.task === 'regression' ? 1 : (signature.classes?.length ?? 0);
  const runAll = async (table: ColumnTable): Promise<Float32Array | Float64Array> => {
    const parts: (Float32Array | Float64Array)[] = [];
    for (const range of batches(table)) {
      const [tensor] = await runSession(session, tableToTensors(signature, table, range), [output]);
      parts.push(checked(tensor, { rows: range.to - range.from, width, signature }));
    }
    return joined(parts);
  };
  return {
    run: async (table) => {
      const values = await runAll(table);
      if (signature.task === 'regression') return { kind: 'values', values: Float64Array.from(values) };
      return { kind: 'classes', probabilities: values, labels: chooseLabels(values, signature) };
    },
    release: () => session.release(),
  };
};

interface Expected {
  readonly rows: number;
  readonly width: number;
  readonly signature: Signature;
}

/** The numbers of an output, row-major [rows, width], every one finite. */
const checked = (
  tensor: Tensor | undefined,
  { rows, width, signature }: Expected,
): Float32Array | Float64Array => {
  const data = tensor?.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    throw new MillraceError('MODEL_RUN_FAILED', `the model answered ${tensor?.type}, expected floats`);
  const isOneProbability = width === 2 && data.length === rows;
  if (data.length !== rows * width && !isOneProbability)
    throw new MillraceError(
      'MODEL_RUN_FAILED',
      `the model answered [${tensor?.dims}] for ${rows} rows, expected [${rows}, ${width}]`,
    );
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1)
    throw new MillraceError(
      'MODEL_RUN_FAILED',
      `the model answered ${data[wrong]}, expected finite numbers`,
      {
        row: Math.floor((wrong * rows) / data.length),
      },
    );
  return inClassOrder(isOneProbability ? bothClasses(data, signature) : data, signature);
};

/** A single probability is that of the positive class (the second, unless the signature says). */
const bothClasses = (data: Float32Array | Float64Array, { classes, positiveClass }: Signature) => {
  const positive = classes?.indexOf(positiveClass ?? '') === 0 ? 0 : 1;
  return data instanceof Float32Array
    ? Float32Array.from({ length: data.length * 2 }, (_, i) =>
        ofClass(data[i >> 1] as number, i % 2 === positive),
      )
    : Float64Array.from({ length: data.length * 2 }, (_, i) =>
        ofClass(data[i >> 1] as number, i % 2 === positive),
      );
};

const ofClass = (probability: number, isPositive: boolean) => (isPositive ? probability : 1 - probability);

const inClassOrder = (data: Float32Array | Float64Array, { probabilityColumns }: Signature) => {
  if (probabilityColumns === undefined) return data;
  const width = probabilityColumns.length;
  return data.map((_, i) => data[i - (i % width) + (probabilityColumns[i % width] as number)] as number);
};

const joined = (parts: readonly (Float32Array | Float64Array)[]): Float32Array | Float64Array => {
  const [first] = parts;
  if (first === undefined) return new Float32Array();
  if (parts.length === 1) return first;
  const size = parts.reduce((total, part) => total + part.length, 0);
  const all = first instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
};
