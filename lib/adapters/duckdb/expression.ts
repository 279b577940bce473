import { MillraceError } from '../../wire/errors.ts';
import { allowedFunctions } from './allowed-functions.ts';
import type { DuckDb } from './open-duckdb.ts';
import { quoteText } from './sql-text.ts';

/** An expression from model.json that was taken apart, checked and written anew. */
export interface CheckedExpression {
  /** The text DuckDB wrote back from the checked tree: what was checked is what runs, comments and all else are gone. */
  readonly sql: string;
  /** The raw columns it reads, spelled as the data spells them, in byte order. */
  readonly columns: readonly string[];
}

type Tree = { readonly [name: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuse = (sql: string, what: string): never => {
  throw new MillraceError('EXPRESSION_INVALID', `the expression "${sql.slice(0, 200)}" ${what}`, {
    sql,
    what,
  });
};

/** Expression classes that only combine values of one row. */
const plainClasses = new Set([
  'CONSTANT',
  'COLUMN_REF',
  'COMPARISON',
  'CONJUNCTION',
  'BETWEEN',
  'CASE',
  'CAST',
  'OPERATOR',
  'FUNCTION',
]);

/** What a value may be cast to. */
const plainTypes =
  /^(BOOLEAN|(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)|FLOAT|DOUBLE|DECIMAL|VARCHAR|DATE|TIME|TIMESTAMP( WITH TIME ZONE)?|INTERVAL)$/;

/** What a SELECT without any of these has is its list of expressions, and nothing else. */
const isBareSelect = (node: Tree): boolean => {
  const from = isTree(node.from_table) ? node.from_table.type : undefined;
  const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);
  const ctes = isTree(node.cte_map) ? node.cte_map.map : [];
  return (
    node.type === 'SELECT_NODE' &&
    from === 'EMPTY' &&
    [node.modifiers, ctes, node.where_clause, node.group_expressions, node.group_sets].every(isEmpty) &&
    [node.having, node.sample, node.qualify].every(isEmpty)
  );
};

/** The tree of the only expression, or a refusal that says what else there was. */
const parseOne = async (database: DuckDb, sql: string): Promise<Tree> => {
  if (sql.includes('\0')) return refuse(sql, 'holds a zero byte, expected text');
  const [row] = await database.rows(
    `SELECT json_serialize_sql(${quoteText(`SELECT ${sql}`)})::VARCHAR AS tree`,
  );
  const parsed: unknown = JSON.parse(String(row?.tree));
  if (!isTree(parsed) || parsed.error === true) {
    const message = isTree(parsed) ? String(parsed.error_message) : 'no tree';
    return refuse(sql, `cannot be parsed (${message}), expected one SQL expression over the raw columns`);
  }
  const statements = Array.isArray(parsed.statements) ? parsed.statements : [];
  if (statements.length !== 1)
    return refuse(sql, `is ${statements.length} statements, expected one expression`);
  const statement: unknown = statements[0];
  const node = isTree(statement) && isTree(statement.node) ? statement.node : {};
  if (!isBareSelect(node))
    return refuse(sql, 'has more than an expression (FROM, WHERE, UNION, …), expected one expression');
  const list: unknown[] = Array.isArray(node.select_list) ? node.select_list : [];
  const [only] = list;
  if (list.length !== 1 || !isTree(only)) return refuse(sql, `is ${list.length} expressions, expected one`);
  if (only.alias !== '') return refuse(sql, 'has an alias, expected the expression alone');
  return only;
};

const checkNode = (node: Tree, sql: string, known: ReadonlyMap<string, string>, read: Set<string>): void => {
  const kind = String(node.class);
  if (!plainClasses.has(kind))
    refuse(sql, `holds a ${kind.toLowerCase().replaceAll('_', ' ')}, expected values of one row only`);
  if (kind === 'COLUMN_REF') {
    const path: unknown[] = Array.isArray(node.column_names) ? node.column_names : [];
    const name = path.length === 1 ? known.get(String(path[0]).toLowerCase()) : undefined;
    if (name === undefined)
      refuse(sql, `reads "${path.join('.')}", expected one of the columns ${[...known.values()].join(', ')}`);
    else read.add(name);
  }
  if (kind === 'CAST') {
    const type = isTree(node.cast_type) ? String(node.cast_type.id) : '';
    if (!plainTypes.test(type))
      refuse(sql, `casts to ${type.toLowerCase() || 'nothing'}, expected a plain type`);
  }
  if (kind === 'FUNCTION') {
    const name = String(node.function_name).toLowerCase();
    // EXTRACT comes from the parser as main.date_part; nothing of ours is ever made in main.
    const isBuiltIn = (node.schema === '' || node.schema === 'main') && (node.catalog ?? '') === '';
    const isPlain = allowedFunctions.has(name) && isBuiltIn;
    const isAggregate = node.distinct === true || isTree(node.filter) || node.export_state === true;
    if (!isPlain || isAggregate) refuse(sql, `calls ${name}, which is not among the functions allowed`);
  }
};

/** Walks every value of the tree, so that an expression hidden in a place we did not think of is met all the same. */
const walk = (value: unknown, visit: (node: Tree) => void): void => {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (!isTree(value)) return;
  if (typeof value.class === 'string') visit(value);
  for (const [name, item] of Object.entries(value)) {
    // A constant's value and a cast's type are data, not expressions.
    if (name === 'value' && value.class === 'CONSTANT') continue;
    walk(item, visit);
  }
};

/**
 * Takes one SQL expression apart with DuckDB's own parser and refuses whatever is not plain arithmetic, comparison or
 * an allowed function over the columns named: no subquery, window, aggregate, star, parameter, lambda or table.
 * Throws EXPRESSION_INVALID. Reads no data.
 */
export const checkExpression = async (
  database: DuckDb,
  sql: string,
  columns: readonly string[],
): Promise<CheckedExpression> => {
  const tree = await parseOne(database, sql);
  const known = new Map(columns.map((name) => [name.toLowerCase(), name]));
  const read = new Set<string>();
  walk(tree, (node) => checkNode(node, sql, known, read));
  const [row] = await database.rows(
    `SELECT json_deserialize_sql(json_serialize_sql(${quoteText(`SELECT ${sql}`)})) AS written`,
  );
  const written = String(row?.written).replace(/^SELECT /, '');
  return { sql: `(${written})`, columns: [...read].toSorted() };
};
