import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { benchFolder, median, report } from './figure.ts';

const folder = benchFolder();
const python = path.resolve(import.meta.dirname, '../.interop/monitors/bin/python');

interface Used {
  readonly peakMb: number;
  readonly cpuSeconds: number;
}

/** A whole program: seconds from its start to its end, and the most memory it ever had. */
const measure = (program: string, words: readonly string[]) => {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(program, [...words], {
    encoding: 'utf8',
    // One heap each: threads that free what others took leave holes in several.
    env: { ...process.env, MALLOC_ARENA_MAX: '1', DO_NOT_TRACK: '1' },
  });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
  const used: Used = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return { seconds: (performance.now() - startedAt) / 1000, ...used };
};

/** A small young generation: the program makes little garbage, and would keep room for much. */
const ours = (side: string) =>
  measure(process.execPath, [
    '--max-semi-space-size=1',
    path.join(import.meta.dirname, 'frames-side.ts'),
    folder,
    side,
  ]);

ours('write');
const turns = [0, 1].map(() => ({ both: ours('both'), window: ours('window') }));
const hasEvidently = existsSync(python);
if (!hasEvidently)
  console.error(`  ↓ Evidently is SKIPPED: ${python} is not there (\`npm run test:interop\` installs it)`);
const evidently =
  hasEvidently && measure(python, [path.join(import.meta.dirname, 'evidently_report.py'), folder]);
turns.push({ both: ours('both'), window: ours('window') });

const told = {
  both: 'drift between two files of 1,000,000 × 20, whole program, one thread',
  window: 'drift of one of them from the frozen baseline of the other, as the monitor has it',
} as const;
const peer = "Evidently's DataDriftPreset on the same two files, whole program";
report(
  (['both', 'window'] as const).flatMap((side) => {
    const middle = (of: 'seconds' | 'cpuSeconds') => median(turns.map((turn) => turn[side][of]));
    const peakMb = Math.max(...turns.map((turn) => turn[side].peakMb));
    const theirs = evidently || { seconds: 8, cpuSeconds: 8, peakMb: 500 };
    const beside = evidently ? peer : 'limit';
    return [
      {
        what: told[side],
        measured: middle('seconds'),
        beside,
        besideValue: theirs.seconds,
        unit: 's' as const,
      },
      {
        what: 'its processor time',
        measured: middle('cpuSeconds'),
        beside,
        besideValue: theirs.cpuSeconds,
        unit: 's' as const,
      },
      { what: 'its peak memory', measured: peakMb, beside, besideValue: theirs.peakMb, unit: 'MB' as const },
    ];
  }),
);
