import type { DatabaseSync } from 'node:sqlite';
import type { MetricPoint, MetricSink } from '../../ports/metric-sink.ts';
import { MillraceError } from '../../wire/errors.ts';
import { canonicalJson } from '../../wire/json.ts';
import { sqliteAction, sqliteTransaction } from './sqlite-database.ts';

const checkValue = ({ name, value }: MetricPoint) => {
  if (Number.isFinite(value)) return;
  throw new MillraceError('INPUT_INVALID', `the metric ${name} is ${value}, expected a finite number`, {
    name,
  });
};

/** Metric points in SQLite. As in CloudWatch, a query finds the points of exactly its dimensions, in any order. */
export const sqliteMetricSink = (options: { readonly database: DatabaseSync }): MetricSink => {
  const { database } = options;
  const insert = database.prepare(
    'INSERT INTO metric (name, dimensions, at_ms, value, unit) VALUES (?, ?, ?, ?, ?)',
  );
  const select = database.prepare(
    `SELECT total(value) AS sum, count(*) AS count FROM metric
     WHERE name = ? AND dimensions = ? AND at_ms >= ? AND at_ms < ?`,
  );

  const put: MetricSink['put'] = async (points) => {
    points.forEach(checkValue);
    if (points.length === 0) return;
    sqliteTransaction(database, () => {
      for (const { name, dimensions, at, value, unit } of points) {
        insert.run(name, canonicalJson(dimensions), at, value, unit);
      }
    });
  };

  const total: MetricSink['total'] = async ({ name, dimensions, from, to }) => {
    const row = sqliteAction(database, () => select.get(name, canonicalJson(dimensions), from, to));
    return { sum: Number(row?.sum ?? 0), count: Number(row?.count ?? 0) };
  };

  return { put, total };
};
