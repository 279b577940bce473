import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { benchFolder, report } from './figure.ts';

/** Every side in a process of their own, in turn: A B C A B C A B C; the medians are compared. */
const measure = (
  side: 'prepare' | 'copy',
  folder: string,
  split = '',
): { readonly seconds: number; readonly peakMb: number } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, `three-million-rows-${side}.ts`), folder, split],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const folder = benchFolder();
const pairs = Array.from({ length: 3 }, () => ({
  byTime: measure('prepare', folder, 'time'),
  byHash: measure('prepare', folder, 'hash'),
  copy: measure('copy', folder),
}));
const byTime = pairs.map((pair) => pair.byTime);
const byHash = pairs.map((pair) => pair.byHash);
const copy = pairs.map((pair) => pair.copy);
const beside = 'DuckDB reading and writing the same Parquet';
const besideValue = median(copy.map((each) => each.seconds));
report([
  {
    what: 'check, profile and split 3,000,000 rows of Parquet by time',
    measured: median(byTime.map((each) => each.seconds)),
    beside,
    besideValue,
    unit: 's',
  },
  {
    what: 'the same, split by hash',
    measured: median(byHash.map((each) => each.seconds)),
    beside,
    besideValue,
    unit: 's',
  },
  {
    what: 'its peak memory, whole process',
    measured: Math.max(...[...byTime, ...byHash].map((each) => each.peakMb)),
    beside: 'limit',
    besideValue: 1500,
    unit: 'MB',
  },
]);
