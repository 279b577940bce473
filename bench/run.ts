import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Table from 'cli-table3';
import type { Figure } from './figure.ts';

const benches = [
  'server-up',
  'one-week',
  'penguins',
  'three-million-rows',
  'warm-prediction',
  'monitor',
  'frames',
] as const;

/** Each bench is a process of its own, so that its memory and warm-up are its own. */
const runBench = (name: string): readonly Figure[] => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-bench-'));
  try {
    const { status, stdout } = spawnSync(
      process.execPath,
      [path.join(import.meta.dirname, `${name}.ts`), folder],
      {
        encoding: 'utf8',
        // What a bench says on its way, such as what it skips and why, is for people.
        stdio: ['ignore', 'pipe', 'inherit'],
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    if (status !== 0) throw new Error(`${name} failed:\n${stdout}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const wanted = process.argv.slice(2);
const table = new Table({
  head: ['what', 'measured', 'beside', 'that is', 'ratio'],
  style: { head: [], border: [] },
});
for (const name of benches.filter((each) => wanted.length === 0 || wanted.includes(each))) {
  process.stderr.write(`… ${name}\n`);
  for (const { what, measured, beside, besideValue, unit } of runBench(name))
    table.push([
      what,
      `${measured.toPrecision(3)} ${unit}`,
      beside,
      `${besideValue.toPrecision(3)} ${unit}`,
      (measured / besideValue).toFixed(2),
    ]);
}
console.log(table.toString());
