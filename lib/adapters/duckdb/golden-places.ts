import type { PlannedColumn } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { categoryCell, numberCell, type StoredColumn } from './binned-cells.ts';
import type { DuckDb } from './open-duckdb.ts';
import { numberIn, quoteName, quoteText } from './sql-text.ts';
import { cleanText, readDatetime } from './text-readings.ts';

/** One column as both sides can be compared in it, as SQL. */
interface Compared {
  readonly own: string;
  readonly trusted: string;
  /** Whether the trusted file has a value there at all. */
  readonly isThere: string;
}

const asDatetime = ({ name, type }: StoredColumn, { reading }: PlannedColumn): string => {
  const stored = quoteName(name);
  if (type === 'VARCHAR') {
    const format = reading.as === 'datetime' ? reading.format : 'iso';
    const isKnown = format !== 'stored' && format !== 'epoch';
    return readDatetime(`(${cleanText(stored)})`, isKnown ? format : 'iso');
  }
  if (/TIME ZONE/.test(type)) return `(${stored} AT TIME ZONE 'UTC')`;
  return /^(DATE$|TIMESTAMP)/.test(type) ? `CAST(${stored} AS TIMESTAMP)` : 'CAST(NULL AS TIMESTAMP)';
};

const flags = { values: ['false', 'true'] };
const names = { values: [] };

const compare = (plan: PlannedColumn, stored: StoredColumn): Compared => {
  const own = quoteName(plan.name);
  const isThere = `${categoryCell(stored, names)} IS NOT NULL`;
  switch (plan.kind) {
    case 'number':
      return { own: `CAST(${own} AS DOUBLE)`, trusted: numberCell(stored).value, isThere };
    case 'boolean':
      return { own: `CAST(${own} AS VARCHAR)`, trusted: categoryCell(stored, flags), isThere };
    case 'datetime':
      return { own: `CAST(${own} AS TIMESTAMP)`, trusted: asDatetime(stored, plan), isThere };
    case 'category':
    case 'text':
      return { own: `CAST(${own} AS VARCHAR)`, trusted: categoryCell(stored, names), isThere };
  }
};

/** A column in which the trusted file cannot be read the same way tells nothing: without it more rows are left out, not fewer. */
const readableOnes = async (database: DuckDb, golden: string, columns: readonly Compared[]) => {
  const unread = columns.map(
    ({ trusted, isThere }, place) =>
      `count_if((${isThere}) AND (${trusted}) IS NULL)::DOUBLE AS unread_${place}`,
  );
  if (columns.length === 0) return [];
  const [row] = await database.rows(`SELECT ${unread.join(', ')} FROM ${golden}`);
  return columns.filter((_, place) => numberIn(row, `unread_${place}`) === 0);
};

/** Every row of a trusted key; of equal values as many in each file as the golden set has. */
const placesSql = (
  { own, trusted }: { readonly own: string; readonly trusted: string },
  keptRows: string,
  golden: string,
  hasKey: boolean,
): string => {
  const mine = `SELECT __pos, __source, ${own} AS same FROM (${keptRows})`;
  if (hasKey) return `SELECT __pos FROM (${mine}) WHERE same IN (SELECT ${trusted} FROM ${golden})`;
  const copies = `SELECT ${trusted} AS same, count(*) AS copies FROM ${golden} GROUP BY 1`;
  return `SELECT __pos FROM (${mine}) JOIN (${copies}) USING (same) QUALIFY row_number() OVER (PARTITION BY __source, same ORDER BY __pos) <= copies`;
};

/**
 * Puts the places of rows that are in the golden set into a table, and gives the SQL that is true for them: rows of the
 * same key where the model has one, else rows with the same values in every column both have. Compared by 64-bit hashes.
 * Rows of few values are equal without being the same: were all of them left out, nobody could learn of their kind.
 */
export const goldenPlaces = async (
  database: DuckDb,
  spec: ModelSpec,
  columns: readonly PlannedColumn[],
  keptRows: string,
  goldenPath: string,
): Promise<string | undefined> => {
  const golden = `read_parquet(${quoteText(goldenPath)})`;
  const described = await database.rows(`DESCRIBE FROM ${golden}`);
  const stored = new Map(
    described.map(({ column_name: name, column_type: type }) => [
      String(name).toLowerCase(),
      { name: String(name), type: String(type), isRaw: true },
    ]),
  );
  const comparedIn = (plans: readonly PlannedColumn[]) =>
    plans.flatMap((plan) => {
      const column = stored.get(plan.name.toLowerCase());
      return column === undefined ? [] : [compare(plan, column)];
    });
  const keyed = await readableOnes(
    database,
    golden,
    comparedIn(columns.filter(({ name }) => spec.key.includes(name))),
  );
  const hasKey = spec.key.length > 0 && keyed.length === spec.key.length;
  const compared = hasKey ? keyed : await readableOnes(database, golden, comparedIn(columns));
  if (compared.length === 0) return undefined;
  const hashed = (side: 'own' | 'trusted') => `hash(${compared.map((one) => one[side]).join(', ')})`;
  const same = { own: hashed('own'), trusted: hashed('trusted') };
  await database.run(`CREATE TEMP TABLE golden_places AS ${placesSql(same, keptRows, golden, hasKey)}`);
  return '__pos IN (SELECT __pos FROM golden_places)';
};
