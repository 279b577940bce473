import { existsSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const root = path.resolve(import.meta.dirname, '../..');
const flights = path.join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');

/** One flight as a client of the model knows it before departure, and how late it was. */
export interface Flight {
  readonly date: string;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
  readonly delay: number;
}

const requireFlights = () => {
  if (!existsSync(flights))
    throw new Error('the flights are not there: run `npm ci`, which brings the package vega-datasets');
};

/** Week 1 begins on 1 January 2001, a Monday. */
const inWeek = (week: number) =>
  `date >= TIMESTAMP '2001-01-01' + INTERVAL ${(week - 1) * 7} DAY AND date < TIMESTAMP '2001-01-01' + INTERVAL ${week * 7} DAY`;

const query = async <Row>(sql: string): Promise<readonly Row[]> => {
  requireFlights();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as unknown as readonly Row[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

/** Writes the flights of one week, about 115,000, as a Parquet file. */
export const writeWeek = async (week: number, file: string): Promise<void> => {
  await query(
    `COPY (SELECT * FROM '${flights}' WHERE ${inWeek(Math.trunc(week))}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
  );
};

/** Flights of one week, evenly spread over it, of those whose delay is known. */
export const flightsOfWeek = async (week: number, count: number): Promise<readonly Flight[]> => {
  const rows = await query<Record<keyof Flight, string>>(
    `WITH numbered AS (SELECT *, row_number() OVER (ORDER BY date, origin, destination, distance, delay) AS place, count(*) OVER () AS flights
       FROM '${flights}' WHERE ${inWeek(Math.trunc(week))} AND delay IS NOT NULL)
     SELECT strftime(date, '%Y-%m-%dT%H:%M:%SZ') AS date, distance, origin, destination, delay FROM numbered
     WHERE place * ${Math.trunc(count)} // flights > (place - 1) * ${Math.trunc(count)} // flights ORDER BY place`,
  );
  return rows.map((row) => ({ ...row, distance: Number(row.distance), delay: Number(row.delay) }));
};
