import { join } from 'node:path';
import { type ColumnStatistics, type PlannedColumn, planColumns } from '../../domain/dataset/index.ts';
import { agreeOnTypes } from './agree-on-types.ts';
import { measureColumns } from './column-statistics.ts';
import { requireColumns } from './named-columns.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { Preparation, PreparationProgress } from './preparation.ts';
import { type RawColumn, type RawSource, rawColumnsOf, rawRelation, readRawSource } from './raw-sources.ts';
import { checkedLabel, targetSql } from './target-column.ts';
import { typeColumn } from './typed-columns.ts';
import { typedRelation } from './typed-relation.ts';

/** A batch read and understood, its rows not yet checked. */
export interface ReadBatch {
  readonly sources: readonly RawSource[];
  /** Which of the sources, by their place in the list, came with the new batch. */
  readonly newPlaces: readonly number[];
  /** Columns and rows as they came, for those that are set aside. */
  readonly rawColumns: readonly RawColumn[];
  readonly raw: string;
  /** The same rows, text read as what typed files say it is. */
  readonly agreed: string;
  readonly statistics: readonly ColumnStatistics[];
  readonly columns: readonly PlannedColumn[];
  readonly missingColumns: readonly string[];
  readonly newColumns: readonly string[];
}

const withoutCase = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map((name) => name.toLowerCase()));

/** The columns of the files that are new; of all of them when none is. */
const columnsOfNewFiles = (sources: readonly RawSource[], newPlaces: readonly number[]): readonly string[] =>
  sources
    .filter((_, place) => newPlaces.length === 0 || newPlaces.includes(place))
    .flatMap(({ types }) => [...types.keys()]);

const columnChanges = (
  { spec, previousColumns }: Preparation,
  all: readonly string[],
  ofNewFiles: readonly string[],
): Pick<ReadBatch, 'missingColumns' | 'newColumns'> => {
  if (previousColumns === undefined) return { missingColumns: [], newColumns: [] };
  // An event time or a slice is "ignored" as a feature and needed all the same.
  const named = new Set([...spec.gates.slices, ...spec.key, spec.eventTime]);
  const needed = previousColumns.filter(({ name, role }) => role !== 'ignored' || named.has(name));
  const [have, had] = [withoutCase(ofNewFiles), withoutCase(previousColumns.map(({ name }) => name))];
  return {
    missingColumns: needed.map(({ name }) => name).filter((name) => !have.has(name.toLowerCase())),
    newColumns: all.filter((name) => !had.has(name.toLowerCase())),
  };
};

/** How far a preparation is. */
export type Report = (phase: PreparationProgress['phase'], fraction: number, message: string) => void;

const readSources = async (database: DuckDb, job: Preparation, folder: string, report: Report) => {
  const sources: RawSource[] = [];
  for (const [place, source] of job.sources.entries()) {
    report('read', (0.3 * place) / job.sources.length, `reading ${source.key}`);
    sources.push(await readRawSource(database, source, join(folder, `source-${place}`)));
  }
  return sources;
};

/** Reads the files of a batch and works out what each column is. */
export const readBatch = async (
  database: DuckDb,
  job: Preparation,
  folder: string,
  report: Report,
): Promise<ReadBatch> => {
  const sources = await readSources(database, job, folder, report);
  const rawColumns = rawColumnsOf(sources);
  const names = rawColumns.map(({ name }) => name);
  requireColumns(job.spec, names);
  const label = await checkedLabel(database, job.spec, names);
  const raw = rawRelation(sources, rawColumns);
  report('infer', 0.3, `inferring the kinds of ${names.length} columns`);
  const agreedSources = await agreeOnTypes(database, sources);
  const agreedColumns = rawColumnsOf(agreedSources);
  const agreed = rawRelation(agreedSources, agreedColumns);
  const statistics = await measureColumns(database, agreed, agreedColumns);
  const newPlaces = job.sources.flatMap(({ isNew }, place) => (isNew === false ? [] : [place]));
  const changes = columnChanges(job, names, columnsOfNewFiles(sources, newPlaces));
  const columns = planColumns({
    spec: job.spec,
    statistics,
    labelColumns: label?.columns ?? [],
    newColumns: changes.newColumns,
  });
  return { sources, newPlaces, rawColumns, raw, agreed, statistics, columns, ...changes };
};

/** The rows with their types and their target, as SQL. */
export const labelRows = async (database: DuckDb, job: Preparation, batch: ReadBatch, folder: string) => {
  const byName = new Map(batch.statistics.map((statistics) => [statistics.name, statistics]));
  const typed = batch.columns.flatMap((plan) => {
    const statistics = byName.get(plan.name);
    return statistics === undefined ? [] : [typeColumn(plan, statistics)];
  });
  const relation = await typedRelation(database, batch.agreed, typed, join(folder, 'typed.parquet'));
  const label = await checkedLabel(
    database,
    job.spec,
    batch.columns.map(({ name }) => name),
  );
  const target = await targetSql(database, job.spec, label, batch.statistics, relation);
  return { typed, relation, labelled: `SELECT *, ${target} AS __target FROM (${relation})` };
};
