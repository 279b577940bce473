import path from 'node:path';
import { conformRows } from '../../lib/adapters/duckdb/conform-rows.ts';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import type { Compared } from '../../lib/domain/evaluation/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';
import type { OpenChampion } from './champion-answers.ts';
import type { LabelledTable } from './labelled-table.ts';
import type { EvaluationCase } from './load-case.ts';

type Needs = Pick<Services, 'objects' | 'registry' | 'dataEngine' | 'signal'>;

/** Rows that both models can be asked, or why they cannot. */
export type Same<Rows> = Rows | { readonly because: string };

/** The share of golden rows that may no longer fit the kinds of their columns; those left would be a choice, not a sample. */
const mostUnread = 0.01;

/** Rows whose truth neither model can answer: as both are wrong there, they would tell no loss. */
const ofNoClass = ({ target }: LabelledTable): number =>
  target.kind === 'values' ? 0 : target.indices.filter((index) => index < 0).length;

/**
 * The golden set in force, read as this dataset reads its columns, where it is the one that was kept from what the challenger
 * learned from: one frozen since may be of the very rows. Throws OBJECT_CHANGED when it is not what was frozen.
 */
export const goldenTable = async (
  model: string,
  folder: string,
  { resolved }: Pick<EvaluationCase, 'resolved'>,
  heldBack: number | undefined,
  { objects, registry, dataEngine, signal }: Needs,
): Promise<Same<LabelledTable>> => {
  const golden = await registry.latestGoldenSet(model);
  if (golden === undefined) return { because: 'there is no golden set: `millrace golden freeze` makes one' };
  if (golden.revision !== heldBack)
    return {
      because: `revision ${golden.revision} of the golden set was frozen after these rows were put together, and may be among them: a run from now on is judged by it`,
    };
  const filePath = path.join(folder, 'golden-rows.parquet');
  const outputPath = path.join(folder, 'golden-conformed.parquet');
  await objects.download(golden.key, filePath);
  const name = `revision ${golden.revision} of the golden set`;
  const source = { filePath, key: name, sha256: golden.sha256, format: 'parquet' as const };
  const stopping = { ...(signal && { signal }) };
  try {
    const { rows } = await conformRows({ source, resolved, outputPath, ...dataEngine, ...stopping });
    if (rows < (1 - mostUnread) * golden.rows)
      return {
        because: `only ${rows} of the ${golden.rows} golden rows can be read as this model reads its data: refresh it`,
      };
  } catch (error) {
    // It was frozen under other columns: a person has to refresh it.
    if (!isMillraceError(error) || !/^(COLUMN_MISSING|TARGET_MISSING|EXPRESSION_INVALID)$/.test(error.name))
      throw error;
    return { because: `${error.message}: refresh it` };
  }
  const rows = await readColumnTable(outputPath, resolved, stopping);
  const foreign = ofNoClass(rows);
  if (foreign > mostUnread * rows.table.rows)
    return {
      because: `the truth of ${foreign} of the ${golden.rows} golden rows is no class of this model: refresh it`,
    };
  return rows;
};

/** The newest of the new rows, which neither model was trained on. */
export const recentTable = async (
  model: string,
  folder: string,
  { resolved, datasetVersion }: EvaluationCase,
  { objects, signal }: Needs,
): Promise<Same<LabelledTable>> => {
  const key = objectKeys.dataset(model, datasetVersion, 'recent.parquet');
  if ((await objects.head(key)) === undefined)
    return { because: 'there are no new rows that both models could be asked' };
  const filePath = path.join(folder, 'recent.parquet');
  await objects.download(key, filePath);
  const recent = await readColumnTable(filePath, resolved, { ...(signal && { signal }) });
  return recent.table.rows > 0 ? recent : { because: 'no new rows were left to ask both models' };
};

/** Asks both models the same rows. */
export const askBoth = async (
  rows: Same<LabelledTable>,
  name: string,
  { resolved, model }: EvaluationCase,
  champion: OpenChampion,
): Promise<Same<Compared>> => {
  if ('because' in rows) return rows;
  const { spec, classes, positiveClass } = resolved;
  const theirs = await champion.answer({ rows, name, classes });
  if ('because' in theirs) return { because: `version ${theirs.version} cannot answer: ${theirs.because}` };
  return {
    task: spec.task,
    ...(positiveClass !== undefined && { positiveClass }),
    gates: spec.gates,
    table: rows.table,
    truth: rows.target,
    champion: theirs.predictions,
    challenger: await model.run(rows.table),
  };
};
