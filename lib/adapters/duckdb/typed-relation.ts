import type { DuckDb } from './open-duckdb.ts';
import { quoteName, quoteText } from './sql-text.ts';
import type { TypedColumn } from './typed-columns.ts';

/** Rows of a source are numbered from 1, so 2⁴⁰ of them leave no two rows of a batch in one place. */
const place = '(__source * 1099511627776 + __row)';

/** Between reasons in `__mistyped`; no name of a column holds it. */
export const separator = 'chr(31)';

const select = (raw: string, typed: readonly TypedColumn[]): string => {
  const values = typed.map(({ plan, value }) => `${value} AS ${quoteName(plan.name)}`);
  const misfits = typed.flatMap(({ misfit, reason }) =>
    misfit === undefined ? [] : [`CASE WHEN ${misfit} THEN ${quoteText(reason)} END`],
  );
  const mistyped =
    misfits.length === 0 ? 'NULL::VARCHAR' : `nullif(concat_ws(${separator}, ${misfits.join(', ')}), '')`;
  return `SELECT __source, __row, ${place} AS __pos, ${mistyped} AS __mistyped, ${values.join(', ')} FROM (${raw})`;
};

/**
 * The rows with typed values as SQL. Reading text into types is costly and every later step reads the rows again, so
 * typed rows go to a file once; rows stored with their types need none.
 */
export const typedRelation = async (
  database: DuckDb,
  raw: string,
  typed: readonly TypedColumn[],
  path: string,
): Promise<string> => {
  const sql = select(raw, typed);
  if (!typed.some(({ misfit, isCostly }) => isCostly || misfit !== undefined)) return sql;
  await database.run(`COPY (${sql}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION snappy)`);
  return `SELECT * FROM read_parquet(${quoteText(path)})`;
};
