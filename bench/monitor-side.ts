import { copyFileSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { linesOfGzip } from '../lambdas/watch-models/captured-files.ts';
import { readCaptured } from '../lambdas/watch-models/read-captured.ts';
import { repeatedIds } from '../lambdas/watch-models/repeated-ids.ts';
import { appearedTaker, profileTaker, qualityTaker } from '../lambdas/watch-models/takers.ts';
import { withOwnDuckDb } from '../lib/adapters/duckdb/open-duckdb.ts';
import { profileParquet } from '../lib/adapters/duckdb/profile-in-bins.ts';
import { benchFolder, seconds } from './figure.ts';
import { benchBaseline, benchColumnsSql, benchHour, benchModel, writeCaptured } from './monitor-data.ts';

const [, side = '', size = '0'] = process.argv.slice(2);
const folder = benchFolder();
const captured = path.join(folder, 'captured');
const parquet = path.join(folder, 'rows.parquet');

const files = () =>
  readdirSync(captured).map((name) => ({
    key: path.join(captured, name),
    sizeBytes: 0,
    etag: '',
    modifiedAt: '',
  }));

/** A store of what was written before; nothing else of it is asked for. */
const objects = {
  list: async () => ({ objects: files() }),
  download: async (key: string, filePath: string) => {
    copyFileSync(key, filePath);
    return { key, sizeBytes: statSync(key).size, etag: '', modifiedAt: '' };
  },
  head: () => Promise.reject(new Error('not asked for')),
  get: () => Promise.reject(new Error('not asked for')),
  putIfAbsent: () => Promise.reject(new Error('not asked for')),
};

/** One thread: what is said is said of a thread. */
const inDuckDb = (work: Parameters<typeof withOwnDuckDb<unknown>>[1]) =>
  withOwnDuckDb(
    { folder: mkdtempSync(path.join(folder, 'duckdb-')), folders: [folder], memoryLimitMb: 350, threads: 1 },
    work,
  );

const sides: Readonly<Record<string, () => Promise<unknown>>> = {
  'write-captured': async () => writeCaptured(captured, Number(size)),
  'write-parquet': () =>
    inDuckDb((database) =>
      database.run(
        `COPY (SELECT ${benchColumnsSql} FROM range(${size}) r(i)) TO '${parquet}' (FORMAT parquet)`,
      ),
    ),
  captured: () => {
    const takers = [profileTaker(benchBaseline), qualityTaker(benchBaseline), appearedTaker(benchBaseline)];
    const span = { from: benchHour, to: benchHour + 3_600_000 };
    return readCaptured(
      { model: benchModel, version: 1, span, ids: repeatedIds(), takers },
      mkdtempSync(path.join(folder, 'scratch-')),
      { objects },
    );
  },
  'plain-json': async () => {
    let fields = 0;
    for (const { key } of files())
      for await (const lines of linesOfGzip(key))
        for (const line of lines) if (line) fields += Object.keys(JSON.parse(line).features).length;
    return fields;
  },
  profile: () => inDuckDb((database) => profileParquet(parquet, benchBaseline.columns, { database })),
  summarize: () =>
    inDuckDb((database) => database.rows(`SUMMARIZE SELECT * FROM read_parquet('${parquet}')`)),
};

const run = sides[side];
if (run === undefined) throw new Error(`no side "${side}", expected one of ${Object.keys(sides).join(', ')}`);
const took = await seconds(run);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(
  JSON.stringify({
    seconds: took,
    peakMb: maxRSS / 1024,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  }),
);
