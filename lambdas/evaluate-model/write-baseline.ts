import path from 'node:path';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import { buildBaseline, timesOf } from '../../lib/domain/baseline/index.ts';
import type { ColumnTable } from '../../lib/domain/dataset/index.ts';
import type { Evaluation } from '../../lib/domain/evaluation/index.ts';
import { writeModelMonitorFiles } from '../../lib/domain/model-monitor-files/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { seededRandom } from '../../lib/domain/random/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import type { EvaluationCase } from './load-case.ts';

/** What the model reads, and when each row happened, which need not be a feature. */
const columnsToRead = ({ columns, spec }: ResolvedSpec): readonly string[] =>
  columns
    .filter(({ name, role }) => role === 'feature' || role === 'source' || name === spec.eventTime)
    .map(({ name }) => name);

const timesIn = (table: ColumnTable, eventTime: string | undefined): Float64Array | undefined => {
  const column = eventTime === undefined ? undefined : table.columns.get(eventTime);
  return column?.kind === 'datetime' ? timesOf(column.values) : undefined;
};

/**
 * Freezes what the monitor will compare traffic with: the validation rows, which training learned nothing from, and
 * what this model answers on them; for others to read also as Model Monitor writes it. Without validation rows there is
 * no baseline, and the monitor says so.
 */
export const writeBaseline = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  folder: string,
  subject: EvaluationCase & { readonly importance?: Evaluation['importance'] },
  { objects, signal }: Pick<Services, 'objects' | 'signal'>,
): Promise<void> => {
  const { datasetVersion, resolved, signature, importance } = subject;
  const { spec } = resolved;
  const filePath = path.join(folder, 'validation.parquet');
  await objects.download(objectKeys.dataset(model, datasetVersion, 'validation.parquet'), filePath);
  const reading = { columns: columnsToRead(resolved), ...(signal && { signal }) };
  const { table, target } = await readColumnTable(filePath, resolved, reading);
  if (table.rows === 0) return;
  const predictions = await subject.model.run(table);
  const { sensitiveColumns, omittedColumns, minRows, windowHours, falsePageMonths } = spec.monitor;
  const times = timesIn(table, spec.eventTime);
  const baseline = buildBaseline({
    ...{ model, datasetVersion, table, predictions, target, signature },
    ...{ sensitiveColumns, omittedColumns, minRows },
    ...(times && { times }),
    ...(importance && { importance: importance.columns }),
    promise: { windowHours, falsePageMonths },
    random: seededRandom(spec.trainer.seed),
  });
  const { statistics, constraints } = writeModelMonitorFiles(baseline);
  await putOnce(objects, objectKeys.run(model, runId, 'statistics.json'), JSON.stringify(statistics));
  await putOnce(objects, objectKeys.run(model, runId, 'constraints.json'), JSON.stringify(constraints));
  await putOnce(objects, objectKeys.run(model, runId, 'baseline.json'), JSON.stringify(baseline));
};
