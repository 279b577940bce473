import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DuckDb, withOwnDuckDb } from '../lib/adapters/duckdb/open-duckdb.ts';
import { profileParquet } from '../lib/adapters/duckdb/profile-in-bins.ts';
import {
  type BaselineColumn,
  type Bins,
  type ComparedRows,
  categoryBins,
  judgeWindow,
} from '../lib/domain/drift/index.ts';
import { benchFolder } from './figure.ts';

// `node bench/frames-side.ts <folder> write | both | window`: whole programs, timed from their start to their end.

const [, side = ''] = process.argv.slice(2);
const folder = benchFolder();
const fileOf = (name: string) => path.join(folder, `${name}.parquet`);
const frozen = path.join(folder, 'frozen.json');
const rows = 1_000_000;

/** Every fourth column one of thirty categories, the others numbers without end behind the point. */
const columnsSql = Array.from({ length: 20 }, (_, column) => {
  const drawn = `hash(i * 20 + ${column})`;
  return column % 4 === 3
    ? `'airport-' || (${drawn} % 30) AS column_${column}`
    : `(${drawn} % 1000000007) / 1e6 AS column_${column}`;
}).join(', ');

const write = (database: DuckDb, name: string, from: number) =>
  database.run(
    `COPY (SELECT ${columnsSql} FROM range(${from}, ${from + rows}) r(i)) TO '${fileOf(name)}' (FORMAT parquet)`,
  );

const deciles = '[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]';

/** Bins as a baseline has them, of one column after the other: exact deciles hold a column in memory. */
const binsOf = async (database: DuckDb, name: string, type: string): Promise<Bins> => {
  const from = `FROM read_parquet('${fileOf('reference')}')`;
  if (type === 'VARCHAR') {
    const counted = await database.rows(`SELECT ${name} AS value, count(*)::DOUBLE AS n ${from} GROUP BY 1`);
    return categoryBins(new Map(counted.map(({ value, n }) => [String(value), Number(n)])));
  }
  const [row] = await database.rows(
    `SELECT quantile_disc(${name}, ${deciles}) AS edges, min(${name}) AS min, max(${name}) AS max ${from}`,
  );
  const edges = Array.isArray(row?.edges) ? row.edges.map(Number) : [];
  return { kind: 'number', edges: [...new Set(edges)], min: Number(row?.min), max: Number(row?.max) };
};

const freeze = async (database: DuckDb): Promise<ComparedRows> => {
  const described = await database.rows(`DESCRIBE SELECT * FROM read_parquet('${fileOf('reference')}')`);
  const columns: Pick<BaselineColumn, 'name' | 'bins'>[] = [];
  for (const { column_name: name, column_type: type } of described)
    columns.push({ name: String(name), bins: await binsOf(database, String(name), String(type)) });
  const profile = await profileParquet(fileOf('reference'), columns, { database });
  return {
    rows: profile.rows,
    columns: columns.map((column, index) => ({
      ...{ ...column, of: 'feature' },
      counts: profile.columns[index] as BaselineColumn['counts'],
    })),
  };
};

const judge = async (database: DuckDb, baseline: ComparedRows) =>
  judgeWindow(baseline, await profileParquet(fileOf('current'), baseline.columns, { database }));

const sides: Readonly<Record<string, (database: DuckDb) => Promise<unknown>>> = {
  write: async (database) => {
    await write(database, 'reference', 0);
    await write(database, 'current', rows);
  },
  both: async (database) => {
    const baseline = await freeze(database);
    writeFileSync(frozen, JSON.stringify(baseline));
    return judge(database, baseline);
  },
  window: (database) => judge(database, JSON.parse(readFileSync(frozen, 'utf8'))),
};

const run = sides[side];
if (run === undefined) throw new Error(`no side "${side}", expected one of ${Object.keys(sides).join(', ')}`);
const judged = await withOwnDuckDb(
  {
    folder: mkdtempSync(path.join(folder, 'duckdb-')),
    folders: [folder],
    memoryLimitMb: 60,
    threads: side === 'write' ? 2 : 1,
  },
  run,
);
writeFileSync(path.join(folder, `${side}.json`), JSON.stringify(judged ?? null));
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ peakMb: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
