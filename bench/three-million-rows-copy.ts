import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { benchFolder, seconds } from './figure.ts';

const from = path.resolve(import.meta.dirname, '../node_modules/vega-datasets/data/flights-3m.parquet');
const to = path.join(benchFolder(), 'copy.parquet');
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1000MB' });
const connection = await instance.connect();
const took = await seconds(() =>
  connection.run(`COPY (SELECT * FROM '${from}') TO '${to}' (FORMAT parquet)`),
);
console.log(JSON.stringify({ seconds: took, peakMb: process.resourceUsage().maxRSS / 1024 }));
