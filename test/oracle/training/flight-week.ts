import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Target } from '../../../lib/domain/dataset/index.ts';
import type { TrainingMatrix } from '../../../lib/domain/training/index.ts';

const file = path.resolve(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet');

const featureNames = ['hour', 'dayOfWeek', 'month', 'distance', 'origin', 'destination'];

/** Every third flight of the week from 8 January 2001; airports by their rank in the alphabet. Ties in the order are equal rows. */
const weekSql = `
  WITH week AS (
    SELECT *, row_number() OVER (ORDER BY date, origin, destination, distance, delay) AS n,
      dense_rank() OVER (ORDER BY origin) AS origin_rank, dense_rank() OVER (ORDER BY destination) AS destination_rank
    FROM '${file}' WHERE date >= '2001-01-08' AND date < '2001-01-15')
  SELECT hour(date)::DOUBLE, isodow(date)::DOUBLE, month(date)::DOUBLE, distance::DOUBLE, origin_rank::DOUBLE,
    destination_rank::DOUBLE, (delay > 15)::INTEGER, (n // 3 % 20)::INTEGER
  FROM week WHERE n % 3 = 0 ORDER BY n`;

export interface Part {
  readonly matrix: TrainingMatrix;
  readonly target: Extract<Target, { kind: 'classes' }>;
}

const partOf = (columns: readonly (readonly number[])[], low: number, high: number): Part => {
  const [labels = [], slots = []] = columns.slice(featureNames.length);
  const rows = slots.flatMap((slot, row) => (slot >= low && slot < high ? [row] : []));
  const values = rows.flatMap((row) =>
    featureNames.map((_, feature) => columns[feature]?.[row] ?? Number.NaN),
  );
  return {
    matrix: {
      rows: rows.length,
      featureCount: featureNames.length,
      values: Float32Array.from(values),
      featureNames,
    },
    target: {
      kind: 'classes',
      classes: ['on time', 'late'],
      indices: Int32Array.from(rows, (row) => labels[row] ?? 0),
    },
  };
};

/** A week of flights in three parts: 70 % to train on, 15 % to stop by, 15 % held out. */
export const flightWeek = async (): Promise<Record<'train' | 'validation' | 'test', Part>> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(weekSql);
  const columns = result.getColumnsJS().map((column) => column.map(Number));
  connection.closeSync();
  instance.closeSync();
  return {
    train: partOf(columns, 0, 14),
    validation: partOf(columns, 14, 17),
    test: partOf(columns, 17, 20),
  };
};
