import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { benchFolder, median, report } from './figure.ts';
import { recordsPerFile, width } from './monitor-data.ts';

const files = 10;
const records = files * recordsPerFile;
const rows = 10_000_000;
const folder = benchFolder();

/** Every side in a process of its own, so that memory and warm-up are its own. */
const measure = (side: string, size = 0): { readonly seconds: number; readonly peakMb: number } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, 'monitor-side.ts'), folder, side, String(size)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${side}: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};

measure('write-captured', files);
measure('write-parquet', rows);
// In turn, three times: the medians are compared. The column store's own look at ten million rows takes too long for that.
const turns = Array.from({ length: 3 }, () => ({
  captured: measure('captured'),
  plain: measure('plain-json'),
  profile: measure('profile'),
}));
const summarize = measure('summarize');
const secondsOf = (side: 'captured' | 'plain' | 'profile') => median(turns.map((turn) => turn[side].seconds));
const peakOf = (side: 'captured' | 'profile') => Math.max(...turns.map((turn) => turn[side].peakMb));
const read = `judge ${records.toLocaleString('en')} captured records of ${width} fields`;
const profiled = `profile ${rows.toLocaleString('en')} rows of ${width} columns from Parquet, one thread`;
const limit = 'limit';
report([
  {
    what: read,
    measured: secondsOf('captured'),
    beside: `${limit}: 100,000 a second`,
    besideValue: records / 100_000,
    unit: 's',
  },
  {
    what: read,
    measured: secondsOf('captured'),
    beside: 'unpacking the same lines and JSON.parse, nothing else',
    besideValue: secondsOf('plain'),
    unit: 's',
  },
  {
    what: 'its peak memory, whole process',
    measured: peakOf('captured'),
    beside: limit,
    besideValue: 500,
    unit: 'MB',
  },
  {
    what: profiled,
    measured: secondsOf('profile'),
    beside: `${limit}: 5,000,000 values a second`,
    besideValue: (rows * width) / 5_000_000,
    unit: 's',
  },
  {
    what: profiled,
    measured: secondsOf('profile'),
    beside: "DuckDB's SUMMARIZE of the same file, one thread",
    besideValue: summarize.seconds,
    unit: 's',
  },
  {
    what: 'its peak memory, whole process',
    measured: peakOf('profile'),
    beside: limit,
    besideValue: 500,
    unit: 'MB',
  },
]);
