import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ColumnTable } from '../../domain/dataset/index.ts';
import type { FeedTensor, RowRange } from '../../domain/signature/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { tensorOf } from './tensor-of.ts';

/** Enough rows that the cost of a call does not show, few enough that wide tables stay in tens of megabytes. */
const maxBatchRows = 8192;

/** The feature graph cuts texts into padded pieces of 32 bytes each: 64 MB for the longest batch. */
const maxTextCells = 2_000_000;

/** A session in memory. Threads: more than one costs small models 2–3 times the processor time, so the default is 1. */
export const createSession = async (
  model: Uint8Array | string,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<InferenceSession> => {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4, // errors reach us as exceptions, and nothing else of it is for our readers
  };
  try {
    // Two overloads, one call each.
    if (typeof model === 'string') return await InferenceSession.create(model, options);
    return await InferenceSession.create(model, options);
  } catch (cause) {
    throw new MillraceError(
      'MODEL_FILE_INVALID',
      `ONNX Runtime cannot load the model: ${reason(cause)}`,
      {},
      { cause },
    );
  }
};

/** Runs a range of rows and gives the tensors named. */
export const runSession = async (
  session: InferenceSession,
  feeds: ReadonlyMap<string, FeedTensor>,
  outputs: readonly string[],
): Promise<readonly Tensor[]> => {
  const tensors: Record<string, Tensor> = {};
  for (const [name, feed] of feeds) tensors[name] = tensorOf(feed);
  let results: InferenceSession.OnnxValueMapType;
  try {
    results = await session.run(tensors, outputs as string[]);
  } catch (cause) {
    throw new MillraceError('MODEL_RUN_FAILED', `the model failed: ${reason(cause)}`, {}, { cause });
  }
  return outputs.map((name) => tensorNamed(results, name));
};

const tensorNamed = (results: InferenceSession.OnnxValueMapType, name: string): Tensor => {
  const tensor = results[name];
  if (tensor instanceof Tensor) return tensor;
  throw new MillraceError('MODEL_RUN_FAILED', `the model gave no tensor "${name}"`, { output: name });
};

/** Ranges of rows that together cover the table, each small enough to run at once. */
export const batches = function* (table: ColumnTable): Generator<RowRange> {
  const rows = Math.max(1, Math.min(maxBatchRows, Math.floor(maxTextCells / longestText(table))));
  for (let from = 0; from < table.rows; from += rows) yield { from, to: Math.min(from + rows, table.rows) };
};

const longestText = (table: ColumnTable): number => {
  let longest = 1;
  for (const column of table.columns.values())
    if (column.kind === 'text' || column.kind === 'category')
      for (const text of column.values) longest = Math.max(longest, text.length);
  return longest;
};

/** What ONNX Runtime said, without the paths and C++ functions in it: they say nothing to the reader and may be private. */
const reason = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [line = ''] = message
    .replaceAll(/(?:[A-Za-z]:)?(?:[\\/][\w.@+-]+){2,}(?::\d+)?/g, '…')
    .replaceAll(/onnxruntime::[\w:<>~]+\([^)]*\) ?/g, '')
    .split('\n');
  return line.slice(0, 300).replace(/[.\s]+$/, '');
};
