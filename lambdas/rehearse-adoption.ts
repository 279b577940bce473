import { readColumnTable } from '../lib/adapters/duckdb/read-column-table.ts';
import { rehearseModel } from '../lib/adapters/onnx-runtime/rehearse-model.ts';
import { adoptModel, type Finding } from '../lib/domain/doctor/index.ts';
import type { ResolvedSpec } from '../lib/domain/model-spec/index.ts';
import type { Signature } from '../lib/domain/signature/index.ts';

/** How many rows a model is rehearsed on before it is evaluated on all of them. */
const rehearsalRows = 16;

/** A side-car that is no JSON object says nothing; the doctor then goes by the model alone, or asks for one. */
export const parseSidecar = (bytes: Uint8Array | undefined): Partial<Signature> | undefined => {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
};

/** Examines a model that somebody else made and has it answer a few rows; no signature: the findings say why not. */
export const rehearseAdoption = async (model: {
  readonly bytes: Uint8Array;
  readonly resolved: ResolvedSpec;
  readonly sidecar: Partial<Signature> | undefined;
  /** A Parquet file of the dataset. */
  readonly rowsFile: string;
}): Promise<{ readonly signature?: Signature; readonly findings: readonly Finding[] }> => {
  const { bytes, resolved, sidecar, rowsFile } = model;
  const adoption = adoptModel({ bytes, resolved, ...(sidecar && { sidecar }) });
  if (adoption.kind === 'refused') return { findings: adoption.findings };
  const { table } = await readColumnTable(rowsFile, resolved, { limit: rehearsalRows });
  return { signature: adoption.signature, findings: await rehearseModel(bytes, adoption.signature, table) };
};
