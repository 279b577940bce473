import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { benchFolder, report } from './figure.ts';

/** Both sides in a process of their own, in turn: A B A B A B; the medians are compared. */
const measure = (
  side: 'prepare' | 'copy',
  folder: string,
): { readonly seconds: number; readonly peakMb: number } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, `three-million-rows-${side}.ts`), folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const folder = benchFolder();
const pairs = Array.from({ length: 3 }, () => ({
  prepare: measure('prepare', folder),
  copy: measure('copy', folder),
}));
const prepare = pairs.map((pair) => pair.prepare);
const copy = pairs.map((pair) => pair.copy);
report([
  {
    what: 'check, profile and split 3,000,000 rows of Parquet',
    measured: median(prepare.map((each) => each.seconds)),
    beside: 'DuckDB reading and writing the same Parquet',
    besideValue: median(copy.map((each) => each.seconds)),
    unit: 's',
  },
  {
    what: 'its peak memory, whole process',
    measured: Math.max(...prepare.map((each) => each.peakMb)),
    beside: 'limit',
    besideValue: 1500,
    unit: 'MB',
  },
]);
