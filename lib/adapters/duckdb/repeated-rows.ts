import type { ModelSpec } from '../../domain/model-spec/index.ts';
import type { DuckDb } from './open-duckdb.ts';
import type { RowCheck } from './row-checks.ts';
import { quoteName } from './sql-text.ts';

/**
 * Puts the places of later repeats into a table of its own: usually few, so that reading the rows once more needs
 * only a look into a small set. Rows already bad neither repeat nor are repeated.
 */
const findRepeats = async (
  database: DuckDb,
  good: string,
  columns: readonly string[],
  newRow: string | undefined,
  table: string,
): Promise<void> => {
  const names = columns.map(quoteName);
  const places = names.map((name, place) => `${name} AS k${place}`).join(', ');
  const keys = names.map((_, place) => `k${place}`).join(', ');
  // Where its key stands first among the new files: a row that only repeats an older file is no fault of theirs.
  const firstNew = newRow === undefined ? 'NULL' : 'min(__pos) FILTER (WHERE is_new)';
  await database.run(
    `CREATE TEMP TABLE ${table} AS
     WITH keyed AS (SELECT __pos, ${newRow ?? 'NULL'} AS is_new, ${places} FROM (${good}) WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}),
     firsts AS (SELECT ${keys}, min(__pos) AS first, ${firstNew} AS first_new FROM keyed GROUP BY ${keys} HAVING count(*) > 1)
     SELECT __pos, __pos > first_new AS is_alone FROM keyed JOIN firsts USING (${keys}) WHERE __pos > first`,
  );
};

/**
 * Checks that compare rows: repeated keys, and columns whose values must differ. `good` selects the rows not bad so far;
 * `newRow` is true for a row of the new files, absent when there are no others.
 */
export const repeatChecks = async (
  database: DuckDb,
  spec: ModelSpec,
  good: string,
  newRow: string | undefined,
): Promise<readonly RowCheck[]> => {
  const checks: RowCheck[] = [];
  const add = async (columns: readonly string[], reason: string) => {
    const table = `repeats_${checks.length}`;
    await findRepeats(database, good, columns, newRow, table);
    const only = columns.length === 1 && columns[0] !== undefined ? { column: columns[0] } : {};
    checks.push({
      dimension: 'consistency',
      reason,
      isBad: `__pos IN (SELECT __pos FROM ${table})`,
      ...(newRow === undefined ? {} : { isBadAlone: `__pos IN (SELECT __pos FROM ${table} WHERE is_alone)` }),
      ...only,
    });
  };
  if (spec.key.length > 0 && spec.quality.duplicates === 'quarantine')
    await add(spec.key, 'repeats an earlier key');
  for (const [name, rules] of Object.entries(spec.quality.columns))
    if (rules.unique === true) await add([name], `${name}: value seen before`);
  return checks;
};
