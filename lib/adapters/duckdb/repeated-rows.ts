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
  table: string,
): Promise<void> => {
  const names = columns.map(quoteName);
  const places = names.map((name, place) => `${name} AS k${place}`).join(', ');
  const keys = names.map((_, place) => `k${place}`).join(', ');
  await database.run(
    `CREATE TEMP TABLE ${table} AS
     WITH keyed AS (SELECT __pos, ${places} FROM (${good}) WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}),
     firsts AS (SELECT ${keys}, min(__pos) AS first FROM keyed GROUP BY ${keys} HAVING count(*) > 1)
     SELECT __pos FROM keyed JOIN firsts USING (${keys}) WHERE __pos > first`,
  );
};

/** Checks that compare rows: repeated keys, and columns whose values must differ. `good` selects the rows not bad so far. */
export const repeatChecks = async (
  database: DuckDb,
  spec: ModelSpec,
  good: string,
): Promise<readonly RowCheck[]> => {
  const checks: RowCheck[] = [];
  const add = async (columns: readonly string[], reason: string) => {
    const table = `repeats_${checks.length}`;
    await findRepeats(database, good, columns, table);
    const only = columns.length === 1 && columns[0] !== undefined ? { column: columns[0] } : {};
    checks.push({
      dimension: 'consistency',
      reason,
      isBad: `__pos IN (SELECT __pos FROM ${table})`,
      ...only,
    });
  };
  if (spec.key.length > 0 && spec.quality.duplicates === 'quarantine')
    await add(spec.key, 'repeats an earlier key');
  for (const [name, rules] of Object.entries(spec.quality.columns))
    if (rules.unique === true) await add([name], `${name}: value seen before`);
  return checks;
};
