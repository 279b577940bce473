import type { ColumnTable } from '../../domain/dataset/index.ts';
import { type SignatureInput, tableToTensors } from '../../domain/signature/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { batches, createSession, runSession } from './run-session.ts';

/**
 * Runs a model whose single output is a float32 matrix [N, F] over a table, in batches: the training matrix, row-major.
 * Takes rows × F × 4 bytes. `onBatch` is called before each batch; what it throws ends the work. Throws MODEL_FILE_INVALID, MODEL_RUN_FAILED.
 */
export const runFeatureGraph = async (
  model: Uint8Array,
  inputs: readonly SignatureInput[],
  table: ColumnTable,
  options: { readonly onBatch?: () => void } = {},
): Promise<Float32Array> => {
  const session = await createSession(model);
  try {
    const [output = ''] = session.outputNames;
    let matrix = new Float32Array();
    for (const range of batches(table)) {
      options.onBatch?.();
      const [tensor] = await runSession(session, tableToTensors({ inputs }, table, range), [output]);
      if (!(tensor?.data instanceof Float32Array))
        throw new MillraceError(
          'MODEL_RUN_FAILED',
          `the feature graph gave ${tensor?.type}, expected float32`,
        );
      const width = tensor.data.length / (range.to - range.from);
      if (matrix.length === 0) matrix = new Float32Array(table.rows * width);
      matrix.set(tensor.data, range.from * width);
    }
    return matrix;
  } finally {
    await session.release();
  }
};
