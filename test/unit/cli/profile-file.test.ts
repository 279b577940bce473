import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { machine } from '../../../lib/cli/machine.ts';
import { runCli } from '../../../lib/cli/run-cli.ts';
import { writeModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';
import { temporaryFolder } from '../../support/index.ts';
import { baseline } from '../drift-report/story.ts';

/** The flights of the story at its edges and names: every tenth of the baseline once, so that nothing moved. */
const flights = (distanceOf: (row: number) => number): string => {
  const airports = ['ATL', 'ORD', 'DFW', 'DEN', 'LAX', 'PHX'];
  const rows = Array.from({ length: 1000 }, (_, row) =>
    [distanceOf(row), row % 24, airports[row % 6], 'carrier 1'].join(),
  );
  return `distance,departure hour,origin,carrier\n${rows.join('\n')}\n`;
};

const folderWith = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder.path, name), text);
  return folder.path;
};

const type = async (...words: string[]) => {
  const said = { out: [] as string[], err: [] as string[] };
  const exitCode = await runCli(words, {
    ...machine(),
    out: (text) => said.out.push(text),
    err: (text) => said.err.push(text),
  });
  return { out: said.out.join(''), err: said.err.join(''), exitCode };
};

it('compares a file on this disk with the files of SageMaker Model Monitor, and needs no home', async () => {
  const { statistics, constraints } = writeModelMonitorFiles({
    ...baseline,
    columns: baseline.columns.slice(0, 1),
  });
  const edges = [100, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000];
  const folder = folderWith({
    's.json': JSON.stringify(statistics),
    'c.json': JSON.stringify(constraints),
    'same.csv': flights((row) => edges[row % 10] ?? 0),
    'far.csv.gz': gzipSync(flights((row) => 2000 + row)),
  });
  const drift = (file: string) =>
    type(
      ...['drift', '--home', path.join(folder, 'nowhere'), '--file', path.join(folder, file)],
      ...['--statistics', path.join(folder, 's.json'), '--constraints', path.join(folder, 'c.json')],
    );

  const same = await drift('same.csv');
  const far = await drift('far.csv.gz');

  expect([same.exitCode, same.err]).toEqual([0, '']);
  expect(same.out).toMatch(/^distance +-0\.\d\d +0 %/m);
  expect(far.exitCode).toBe(6);
  expect(far.out).toContain('more above 1,600 (+90 points)');
});

it('says which formats it reads', async () => {
  const { err, exitCode } = await type(
    'drift',
    '--file',
    'a.xlsx',
    '--statistics',
    'package.json',
    '--constraints',
    'package.json',
  );

  expect([exitCode, err]).toEqual([3, expect.stringContaining('statistics.json')]);
  await expect(machine().profileFile('a.xlsx', [])).rejects.toMatchObject({ name: 'DATA_FORMAT_UNKNOWN' });
});
