import { resolve } from 'node:path';
import type { DuckDb } from './open-duckdb.ts';
import { quoteText } from './sql-text.ts';
import { withDatabase } from './with-parquet.ts';

export interface SampleRows {
  /** A part of a dataset, or rows conformed to one: Parquet with `__target`. */
  readonly inputPath: string;
  /** Beside the input. */
  readonly outputPath: string;
  readonly seed: number;
  readonly maxRows: number;
  readonly signal?: AbortSignal;
}

export interface SampledRows {
  readonly rows: number;
  /** The share of each class, or `mean` for values. */
  readonly label: Readonly<Record<string, number>>;
}

/** Which rows are drawn hangs on their place and the seed alone; they stay in the file's order. */
const sampleSql = ({ inputPath, seed, maxRows }: SampleRows): string => {
  const numbered = `read_parquet(${quoteText(resolve(inputPath))}, file_row_number = true)`;
  const drawn = `SELECT file_row_number FROM ${numbered} ORDER BY md5(${quoteText(`${seed}:`)} || file_row_number), file_row_number LIMIT ${maxRows}`;
  return `SELECT * FROM ${numbered} WHERE file_row_number IN (${drawn}) ORDER BY file_row_number`;
};

const labelOf = async (database: DuckDb, sample: string): Promise<SampledRows> => {
  const [kind] = await database.rows(`DESCRIBE SELECT __target FROM (${sample})`);
  if (kind?.column_type === 'DOUBLE') {
    const [row] = await database.rows(`SELECT count(*)::DOUBLE AS n, avg(__target) AS mean FROM (${sample})`);
    return { rows: Number(row?.n), label: { mean: Number(row?.mean) } };
  }
  const counted = await database.rows(
    `SELECT __target::VARCHAR AS class, count(*)::DOUBLE AS n FROM (${sample}) GROUP BY 1 ORDER BY 1`,
  );
  const rows = counted.reduce((sum, { n }) => sum + Number(n), 0);
  return { rows, label: Object.fromEntries(counted.map((one) => [String(one.class), Number(one.n) / rows])) };
};

/** Writes a seeded sample of labelled rows as a file that could be dropped: raw columns, and `__target` left out. */
export const sampleRows = (job: SampleRows): Promise<SampledRows> =>
  withDatabase(
    job.inputPath,
    undefined,
    async (database) => {
      const sample = sampleSql(job);
      await database.run(
        `COPY (SELECT * EXCLUDE (__target, file_row_number) FROM (${sample})) TO ${quoteText(resolve(job.outputPath))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
      );
      return labelOf(database, sample);
    },
    job.signal,
    [resolve(job.outputPath, '..')],
  );
