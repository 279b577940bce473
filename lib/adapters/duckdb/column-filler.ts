import {
  DuckDBBigIntVector,
  type DuckDBDataChunk,
  DuckDBDoubleVector,
  type DuckDBVector,
} from '@duckdb/node-api';
import { missingDatetime } from '../../domain/dataset/index.ts';
import type { DuckDb } from './open-duckdb.ts';

/** Room for the values of one column, filled chunk by chunk. */
export interface Filler {
  readonly sql: string;
  readonly take: (vector: DuckDBVector, offset: number, count: number) => void;
}

/** Doubles, NaN for missing. */
export const numberFiller = (sql: string, values: Float64Array): Filler => ({
  sql: `coalesce(${sql}, 'nan'::DOUBLE)`,
  take: (vector, offset, count) => {
    if (!(vector instanceof DuckDBDoubleVector)) throw new TypeError('expected doubles');
    for (let row = 0; row < count; row += 1) values[offset + row] = vector.getItem(row) as number;
  },
});

/** Milliseconds since the epoch. */
export const datetimeFiller = (sql: string, values: BigInt64Array): Filler => ({
  sql: `coalesce(epoch_ms(${sql}), '${missingDatetime}'::BIGINT)`,
  take: (vector, offset, count) => {
    if (!(vector instanceof DuckDBBigIntVector)) throw new TypeError('expected 64-bit integers');
    for (let row = 0; row < count; row += 1) values[offset + row] = vector.getItem(row) as bigint;
  },
});

/** Equal texts become one string object: less memory, and comparing and hashing them later is a pointer's work. */
export const textFiller = (sql: string, values: string[]): Filler => {
  const known = new Map<string, string>();
  return {
    sql: `coalesce(${sql}, '')`,
    take: (vector, offset, count) => {
      for (let row = 0; row < count; row += 1) {
        const value = String(vector.getItem(row));
        const same = known.get(value);
        if (same === undefined && known.size < 100_000) known.set(value, value);
        values[offset + row] = same ?? value;
      }
    },
  };
};

/** Streams the rows of a relation into the fillers, chunk by chunk. */
export const fill = async (
  database: DuckDb,
  from: string,
  fillers: readonly Filler[],
  rows: number,
): Promise<void> => {
  if (fillers.length === 0 || rows === 0) return;
  const result = await database.stream(`SELECT ${fillers.map(({ sql }) => sql).join(', ')} FROM ${from}`);
  let offset = 0;
  for (let chunk = await next(result); chunk !== null; chunk = await next(result)) {
    const count = chunk.rowCount;
    for (const [place, filler] of fillers.entries()) filler.take(chunk.getColumnVector(place), offset, count);
    offset += count;
  }
};

const next = async (result: {
  fetchChunk(): Promise<DuckDBDataChunk | null>;
}): Promise<DuckDBDataChunk | null> => {
  const chunk = await result.fetchChunk();
  return chunk === null || chunk.rowCount === 0 ? null : chunk;
};
