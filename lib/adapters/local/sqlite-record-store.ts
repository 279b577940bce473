import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type {
  Condition,
  RecordCheck,
  RecordPage,
  RecordQuery,
  RecordStore,
  RecordWrite,
  StoredRecord,
} from '../../ports/record-store.ts';
import type { JsonObject } from '../../wire/json.ts';
import { encodeCursor } from '../shared/cursor.ts';
import {
  checkedBody,
  checkedQuery,
  checkKey,
  checkTransaction,
  recordConflict,
} from '../shared/record-rules.ts';
import { prefixEnd } from '../shared/text-order.ts';
import { sqliteAction, sqliteTransaction } from './sqlite-database.ts';

const Row = z.object({
  partition: z.string(),
  sort: z.string(),
  revision: z.number(),
  body: z.string(),
  index_partition: z.string().nullable(),
  index_sort: z.string().nullable(),
});

const toRecord = (row: unknown): StoredRecord => {
  const { partition, sort, revision, body, index_partition, index_sort } = Row.parse(row);
  const index =
    index_partition === null || index_sort === null
      ? {}
      : { index: { partition: index_partition, sort: index_sort } };
  // The text was made by JSON.stringify from a JsonObject, so it parses to one.
  return { partition, sort, revision, body: JSON.parse(body) as JsonObject, ...index };
};

const columns = 'partition, sort, revision, body, index_partition, index_sort';
const insert = `INSERT INTO record (${columns}) VALUES (:partition, :sort, 1, :body, :indexPartition, :indexSort)`;
const assignments =
  'revision = record.revision + 1, body = :body, index_partition = :indexPartition, index_sort = :indexSort';

/** One statement a condition: each decides and writes at once and gives the new revision, or no row on a conflict. */
const writeStatements = {
  none: `${insert} ON CONFLICT DO UPDATE SET ${assignments} RETURNING revision`,
  absent: `${insert} ON CONFLICT DO NOTHING RETURNING revision`,
  revision: `UPDATE record SET ${assignments} WHERE partition = :partition AND sort = :sort AND revision = :expected RETURNING revision`,
};

/** The page's SELECT, with its parameters, over the table or the index. One row more than asked tells whether more follow. */
const pageStatement = (query: RecordQuery, limit: number, after: readonly string[] | undefined) => {
  const isDescending = query.direction === 'descending';
  const [partition, order] = query.useIndex
    ? ['index_partition', ['index_sort', 'partition', 'sort']]
    : ['partition', ['sort']];
  const end = query.sortPrefix ? prefixEnd(query.sortPrefix) : undefined;
  const clauses = [
    { sql: `${partition} = ?`, values: [query.partition] },
    ...(query.sortPrefix ? [{ sql: `${order[0]} >= ?`, values: [query.sortPrefix] }] : []),
    ...(end === undefined ? [] : [{ sql: `${order[0]} < ?`, values: [end] }]),
    ...(after === undefined
      ? []
      : [
          {
            sql: `(${order.join(', ')}) ${isDescending ? '<' : '>'} (${after.map(() => '?').join(', ')})`,
            values: after,
          },
        ]),
  ];
  const sorted = order.map((column) => `${column} ${isDescending ? 'DESC' : 'ASC'}`).join(', ');
  const where = clauses.map((clause) => clause.sql).join(' AND ');
  return {
    sql: `SELECT ${columns} FROM record WHERE ${where} ORDER BY ${sorted} LIMIT ?`,
    values: [...clauses.flatMap((clause) => clause.values), limit + 1],
  };
};

const positionOf = (record: StoredRecord, useIndex: boolean): readonly string[] =>
  useIndex ? [record.index?.sort ?? '', record.partition, record.sort] : [record.sort];

/** Records in one SQLite table, shared by every process that opened the database. Expired ones stay: disk is cheap here. */
export const sqliteRecordStore = (options: { readonly database: DatabaseSync }): RecordStore => {
  const { database } = options;
  const selectOne = database.prepare(`SELECT ${columns} FROM record WHERE partition = ? AND sort = ?`);
  const writes = {
    none: database.prepare(writeStatements.none),
    absent: database.prepare(writeStatements.absent),
    revision: database.prepare(writeStatements.revision),
  };

  const write = (item: RecordWrite, body: string): number | undefined => {
    const { partition, sort, condition } = item;
    const index = { indexPartition: item.index?.partition ?? null, indexSort: item.index?.sort ?? null };
    const values = { partition, sort, body, ...index };
    const row =
      typeof condition === 'object'
        ? writes.revision.get({ ...values, expected: condition.revision })
        : writes[condition ?? 'none'].get(values);
    return row === undefined ? undefined : Number(row.revision);
  };

  const holds = (item: RecordCheck): boolean => {
    const row = selectOne.get(item.partition, item.sort);
    return isMet(item.check, row === undefined ? undefined : Number(row.revision));
  };

  const get: RecordStore['get'] = async (key) => {
    checkKey(key);
    const row = sqliteAction(database, () => selectOne.get(key.partition, key.sort));
    return row === undefined ? undefined : toRecord(row);
  };

  const put: RecordStore['put'] = async (item) => {
    const body = checkedBody(item);
    const revision = sqliteAction(database, () => write(item, body));
    if (revision === undefined) throw recordConflict([item]);
    const index = item.index === undefined ? {} : { index: item.index };
    return {
      partition: item.partition,
      sort: item.sort,
      revision,
      body: JSON.parse(body) as JsonObject,
      ...index,
    };
  };

  const query = async (asked: RecordQuery): Promise<RecordPage> => {
    const { limit, after } = checkedQuery(asked);
    const { sql, values } = pageStatement(asked, limit, after);
    const rows = sqliteAction(database, () => database.prepare(sql).all(...values));
    const records = rows.slice(0, limit).map(toRecord);
    const last = records.at(-1);
    if (rows.length <= limit || last === undefined) return { records };
    return { records, cursor: encodeCursor(positionOf(last, asked.useIndex === true)) };
  };

  const transact: RecordStore['transact'] = async (items) => {
    checkTransaction(items);
    const attempt = (item: RecordWrite | RecordCheck) =>
      'check' in item ? holds(item) : write(item, checkedBody(item)) !== undefined;
    sqliteTransaction(database, () => {
      const failed = items.filter((item) => !attempt(item));
      if (failed.length > 0) throw recordConflict(failed);
    });
  };

  return { get, put, query, transact };
};

const isMet = (condition: Condition, revision: number | undefined): boolean =>
  condition === 'absent' ? revision === undefined : revision === condition.revision;
