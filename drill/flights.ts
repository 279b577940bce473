import { existsSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Flight } from '../examples/flight-delay/weeks.ts';

export type { Flight };

const parquet = path.resolve(import.meta.dirname, '../node_modules/vega-datasets/data/flights-3m.parquet');

/** What the model is asked: whether a flight arrives eight minutes or more ahead of its timetable. */
export const isEarly = ({ delay }: Flight): boolean => delay <= -8;

/** What is wrong with a week's file: labels the wrong way round, or miles told in metres. */
export type Fault = 'inverted-labels' | 'metres';

/** Each delay mirrored at the middle between early and not: −7.5 minutes. */
const columnsWith: Readonly<Record<Fault | 'nothing', string>> = {
  nothing: 'date, delay, distance, origin, destination',
  'inverted-labels': 'date, -15 - delay AS delay, distance, origin, destination',
  metres: 'date, delay, round(distance * 1609.344)::BIGINT AS distance, origin, destination',
};

/**
 * The 3,000,000 flights, each used once: `askedPerDay` of every day from `liveFromDay` on are asked about while they are
 * still to fly, and their delays come back as labels; all others come in the file of their week.
 */
export const openFlights = async (options: {
  readonly askedPerDay: number;
  readonly liveFromDay: number;
}) => {
  if (!existsSync(parquet))
    throw new Error('the flights are not there: run `npm ci`, which brings the package vega-datasets');
  const { askedPerDay, liveFromDay } = options;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  // 1 July holds one minute of flights; it counts to the day before.
  await connection.run(
    `CREATE TABLE flights AS
       WITH dated AS (SELECT *, least(datediff('day', TIMESTAMP '2001-01-01', date), 180)::INTEGER AS day FROM '${parquet}'),
       placed AS (SELECT *, row_number() OVER day_flights AS place, count(*) OVER (PARTITION BY day) AS day_size
         FROM dated WINDOW day_flights AS (PARTITION BY day ORDER BY hash(date, origin, destination, distance, delay)))
     SELECT date, delay, distance, origin, destination, day,
       day >= ${Math.trunc(liveFromDay)} AND place <= ${Math.trunc(askedPerDay)} AS is_asked FROM placed`,
  );
  return {
    /** Writes the flights of a week that nobody asked about as a Parquet file; gives how many they are. */
    // In an order of their own: threads hand rows on in another one each time, and other bytes are another dataset.
    writeWeek: async (week: number, file: string, fault: Fault | 'nothing' = 'nothing'): Promise<number> => {
      const result = await connection.run(
        `COPY (SELECT ${columnsWith[fault]} FROM flights WHERE NOT is_asked AND day // 7 = ${Math.trunc(week) - 1} ORDER BY ALL) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
      );
      return result.rowsChanged;
    },
    /** Writes flights of some weeks, evenly drawn, as a person would who checked them one by one. */
    writeChecked: async (weeks: readonly [first: number, last: number], count: number, file: string) => {
      const [first, last] = weeks.map(Math.trunc);
      await connection.run(
        `COPY (SELECT ${columnsWith.nothing} FROM flights WHERE NOT is_asked AND day // 7 + 1 BETWEEN ${first} AND ${last}
           ORDER BY hash(destination, date, origin, delay, distance), date LIMIT ${Math.trunc(count)}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
      );
    },
    /** How many rows Parquet files hold together. */
    countRows: async (files: readonly string[]): Promise<number> => {
      const list = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ');
      const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM read_parquet([${list}])`);
      return Number(reader.getRows()[0]?.[0]);
    },
    /** The flights of a day that are asked about. */
    askedOn: async (day: number): Promise<readonly Flight[]> => {
      const reader = await connection.runAndReadAll(
        `SELECT strftime(date, '%Y-%m-%dT%H:%M:%SZ') AS date, distance::INTEGER AS distance, origin, destination, delay::INTEGER AS delay
         FROM flights WHERE is_asked AND day = ${Math.trunc(day)} ORDER BY date, origin, destination, distance, delay`,
      );
      return reader.getRowObjectsJson() as unknown as readonly Flight[];
    },
    close: (): void => {
      connection.closeSync();
      instance.closeSync();
    },
  };
};
export type Flights = Awaited<ReturnType<typeof openFlights>>;
