import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { run as watchModels } from '../../lambdas/watch-models/handler.ts';
import { machine } from '../../lib/cli/machine.ts';
import { runCli } from '../../lib/cli/run-cli.ts';
import { manualClock } from '../support/index.ts';
import { csv, lampSpec, lamps, laptopForTests } from './support/index.ts';

const hour = 3_600_000;

test('what moved is told by the command line, drawn beside the window, and found in a file before it is dropped', async () => {
  const clock = manualClock();
  const home = await laptopForTests({ clock });
  const spec = lampSpec({ gates: { maxChampionLoss: 1 }, monitor: { windowHours: 1, minRows: 40 } });
  await home.drop('lamps/model.json', spec);
  await home.drop('lamps/monday.csv', csv(lamps(600)));
  await home.drop('lamps/monday._SUCCESS', '');
  await home.approve('lamps');
  const young = lamps(300, 5000).map((lamp) => ({ ...lamp, hours: Math.floor(lamp.hours / 6) }));
  await home.predict('lamps', { rows: young.map(({ broken: _, ...lamp }) => lamp) });
  await home.predictions.flush();
  await clock.advance((Math.floor(clock.now() / hour) + 1.5) * hour - clock.now());
  await watchModels({}, { ...home.laptop, stuckAfterHours: 24 });

  const said: string[] = [];
  const { folder } = home.laptop.home;
  const surroundings = {
    ...machine(),
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
  };
  const type = async (...words: string[]) => {
    said.length = 0;
    const exitCode = await runCli(['--home', folder, ...words], surroundings);
    return { exitCode, told: said.join('') };
  };
  const kept = path.join(folder, 'now.html');
  const [table, page] = [await type('drift', 'lamps'), await type('drift', 'lamps', '--out', kept)];
  const compare = async (rows: Parameters<typeof csv>[0]) => {
    const file = path.join(folder, 'tuesday.csv');
    await writeFile(file, csv(rows));
    return type('drift', 'lamps', '--file', file);
  };
  const [same, moved] = [await compare(lamps(600, 700)), await compare(young)];

  expect(table.told).toMatch(/^ {2}"hours": more up to [\d,]+ \(\+\d+ points\)/m);
  expect(page).toEqual({ exitCode: 0, told: `${kept}\n` });
  const [window] = await home.laptop.registry.listWindows('lamps');
  const key = `windows/lamps/${window?.windowEnd.replaceAll(':', '')}/drift.html`;
  for (const text of [
    await readFile(kept, 'utf8'),
    new TextDecoder().decode(await home.laptop.objects.get(key)),
  ]) {
    expect(text).toMatch(/<h1>Over (its|their) limits?: /);
    expect(text).toContain('<h2>Then and now</h2>');
    expect(text).toMatch(/(rings|quiet|unknown) since 20\d\d/);
  }
  expect(same.exitCode).toBe(0);
  expect([moved.exitCode, moved.told]).toEqual([
    6,
    expect.stringContaining('of the traffic moved in "hours"'),
  ]);
});
