import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { benchFolder, median, report } from './figure.ts';
import { recordsPerFile, width } from './monitor-data.ts';

const files = 10;
const records = files * recordsPerFile;
const rows = 10_000_000;
const folder = benchFolder();

interface Measured {
  readonly seconds: number;
  readonly peakMb: number;
  /** Processor time of all its threads: what is left to compare where others use the machine too. */
  readonly cpuSeconds: number;
}

/** Every side in a process of its own, so that memory and warm-up are its own. */
const measure = (side: string, size = 0): Measured => {
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
// In turn, three times: the medians are compared. Ten million rows are looked at once by either side.
const turns = Array.from({ length: 3 }, () => ({
  captured: measure('captured'),
  plain: measure('plain-json'),
}));
const [profile, summarize] = [measure('profile'), measure('summarize')];
const capturedSeconds = median(turns.map(({ captured }) => captured.seconds));
const read = `judge ${records.toLocaleString('en')} captured records of ${width} fields`;
const profiled = `profile ${rows.toLocaleString('en')} rows of ${width} columns from Parquet, one thread`;
const limit = 'limit';
report([
  {
    what: read,
    measured: capturedSeconds,
    beside: `${limit}: 100,000 a second`,
    besideValue: records / 100_000,
    unit: 's',
  },
  {
    what: 'its processor time, all threads, start included',
    measured: median(turns.map(({ captured }) => captured.cpuSeconds)),
    beside: `${limit}: 100,000 a second`,
    besideValue: records / 100_000,
    unit: 's',
  },
  {
    what: read,
    measured: capturedSeconds,
    beside: 'unpacking the same lines and JSON.parse, nothing else',
    besideValue: median(turns.map(({ plain }) => plain.seconds)),
    unit: 's',
  },
  {
    what: 'its peak memory, whole process',
    measured: Math.max(...turns.map(({ captured }) => captured.peakMb)),
    beside: limit,
    besideValue: 500,
    unit: 'MB',
  },
  {
    what: profiled,
    measured: profile.seconds,
    beside: `${limit}: 5,000,000 values a second`,
    besideValue: (rows * width) / 5_000_000,
    unit: 's',
  },
  {
    what: 'its processor time, all threads, start included',
    measured: profile.cpuSeconds,
    beside: `${limit}: 5,000,000 values a second`,
    besideValue: (rows * width) / 5_000_000,
    unit: 's',
  },
  {
    what: profiled,
    measured: profile.seconds,
    beside: "DuckDB's SUMMARIZE of the same file, one thread",
    besideValue: summarize.seconds,
    unit: 's',
  },
  {
    what: 'its peak memory, whole process',
    measured: profile.peakMb,
    beside: limit,
    besideValue: 500,
    unit: 'MB',
  },
]);
