import type { CheckedRows } from './check-rows.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { BesideChampion, CountedBatch, NewBatch } from './preparation.ts';
import { profileRelation } from './profile-in-bins.ts';
import type { SourceFile } from './source-bytes.ts';
import { quoteName } from './sql-text.ts';

/** The places of these contents in the list of sources. */
const placesOf = (sources: readonly SourceFile[], contents: readonly string[]): readonly number[] =>
  sources.flatMap(({ sha256 }, place) => (contents.includes(sha256) ? [place] : []));

/** True for a row no champion has seen, as SQL; `undefined` where there is none. */
export const unseenRowSql = (
  sources: readonly SourceFile[],
  { newBatches }: Pick<BesideChampion, 'newBatches'>,
): string | undefined => {
  const places = placesOf(
    sources,
    newBatches.flatMap((batch) => batch.sources),
  );
  if (places.length === 0) return undefined;
  return places.length === sources.length ? 'true' : `__source IN (${places.join(', ')})`;
};

const addLabels = (
  all: readonly (Readonly<Record<string, number>> | undefined)[],
): Readonly<Record<string, number>> | undefined => {
  const labels: Record<string, number> = {};
  for (const one of all) {
    if (one === undefined) return undefined;
    for (const [name, count] of Object.entries(one)) labels[name] = (labels[name] ?? 0) + count;
  }
  return labels;
};

const countBatch = async (
  database: DuckDb,
  sources: readonly SourceFile[],
  { batchId, sources: contents }: NewBatch,
  columns: BesideChampion['columns'],
  checked: CheckedRows,
): Promise<CountedBatch> => {
  const places = placesOf(sources, contents);
  const own = places.flatMap((place) => checked.sourceRows[place] ?? []);
  const rows = own.reduce((sum, source) => sum + source.rows, 0);
  const labels = addLabels(own.map((source) => source.labels));
  const isCounted = rows > 0 && columns.length > 0;
  const relation = `SELECT * FROM (${checked.keptRows}) WHERE ${quoteName('__source')} IN (${places.join(', ')})`;
  return {
    batchId,
    rows,
    ...(labels && { labels }),
    ...(isCounted && { profile: await profileRelation(database, relation, columns) }),
  };
};

/** Counts the batches nobody has judged yet, and gives those that may not be trained on. */
export const holdBatches = async (
  database: DuckDb,
  sources: readonly SourceFile[],
  { newBatches, columns, hold }: BesideChampion,
  checked: CheckedRows,
): Promise<readonly string[]> => {
  const counted: CountedBatch[] = [];
  for (const batch of newBatches.filter(({ isToJudge }) => isToJudge))
    counted.push(await countBatch(database, sources, batch, columns, checked));
  // Without a good row it brings nothing that could do harm: its quality says what is wrong with it.
  const withRows = counted.filter(({ rows }) => rows > 0);
  return withRows.length === 0 ? [] : hold(withRows);
};
