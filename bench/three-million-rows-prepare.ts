import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { prepareDataset } from '../lib/adapters/duckdb/prepare-dataset.ts';
import { ModelSpec } from '../lib/domain/model-spec/index.ts';
import { benchFolder, seconds } from './figure.ts';

const filePath = path.resolve(import.meta.dirname, '../node_modules/vega-datasets/data/flights-3m.parquet');
const outputFolder = mkdtempSync(path.join(benchFolder(), 'prepared-'));
const by = process.argv[3];
const spec = ModelSpec.parse({
  name: 'flights',
  task: 'binary',
  target: { sql: 'delay > 15' },
  eventTime: 'date',
  features: [{ name: 'hour', transform: 'hour', column: 'date' }],
  split: { by },
});
const source = {
  filePath,
  key: 'flights-3m.parquet',
  sha256: createHash('sha256').update(readFileSync(filePath)).digest('hex'),
  format: 'parquet' as const,
};
const took = await seconds(() =>
  prepareDataset({
    spec,
    sources: [source],
    outputFolder,
    now: '2001-07-02T00:00:00Z',
    memoryLimitMb: 1000,
    threads: 2,
  }),
);
console.log(JSON.stringify({ seconds: took, peakMb: process.resourceUsage().maxRSS / 1024 }));
