import path from 'node:path';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import { buildBaseline } from '../../lib/domain/baseline/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import type { EvaluationCase } from './load-case.ts';

/**
 * Freezes what the monitor will compare traffic with: the validation rows, which training learned nothing from, and
 * what this model answers on them. Without validation rows there is no baseline, and the monitor says so.
 */
export const writeBaseline = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  folder: string,
  subject: EvaluationCase,
  { objects, signal }: Pick<Services, 'objects' | 'signal'>,
): Promise<void> => {
  const { datasetVersion, resolved, signature } = subject;
  const filePath = path.join(folder, 'validation.parquet');
  await objects.download(objectKeys.dataset(model, datasetVersion, 'validation.parquet'), filePath);
  const { table, target } = await readColumnTable(filePath, resolved, { ...(signal && { signal }) });
  if (table.rows === 0) return;
  const predictions = await subject.model.run(table);
  const { sensitiveColumns } = resolved.spec.monitor;
  const baseline = buildBaseline({
    model,
    datasetVersion,
    table,
    predictions,
    target,
    signature,
    sensitiveColumns,
  });
  await putOnce(objects, objectKeys.run(model, runId, 'baseline.json'), JSON.stringify(baseline));
};
