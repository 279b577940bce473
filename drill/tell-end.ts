import path from 'node:path';
import { dayName } from './calendar.ts';
import { desk } from './desk.ts';
import type { House } from './house.ts';
import type { Story } from './story.ts';
import { model } from './world.ts';

/** The newest objects of a name under a prefix, as paths. */
const pathsOf = async ({ laptop }: House, prefix: string, name: string): Promise<readonly string[]> => {
  const { objects } = await laptop.objects.list(prefix, { limit: 1000 });
  return objects.flatMap(({ key }) =>
    key.endsWith(`/${name}`) ? [path.join(laptop.home.objectsFolder, key)] : [],
  );
};

const times = (count: number): string => (count === 1 ? '' : ` (${count} times)`);

/** What is left when the drill is over: timeline, decisions, promises, and where to look. */
export const tellEnd = async (house: House, story: Story, write: (text: string) => void): Promise<void> => {
  const { registry } = desk({ house });
  write(
    `\nTimeline\n${story
      .timeline()
      .map((line) => `  ${line}\n`)
      .join('')}`,
  );
  write(
    `\nRetrainings\n${story
      .accounts()
      .map((line) => `  ${line}\n`)
      .join('')}`,
  );
  const decisions = await registry.listDecisions(model, { limit: 100 });
  write('\nWhat the controller decided\n');
  for (const { at, decision, because, count } of decisions.toReversed())
    write(
      `  ${dayName(Date.parse(at))}  ${decision.padEnd(8)} ${story.told(because.join('; '))}${times(count)}\n`,
    );
  write('\nPromises\n');
  for (const { isKept, name, numbers } of story.promises())
    write(`  ${isKept ? '✓' : '✗'} ${name}\n      ${numbers}\n`);
  const reports = await pathsOf(house, `models/${model}/`, 'report.html');
  const drifts = await pathsOf(house, `windows/${model}/`, 'drift.html');
  write(`\nTo look at\n${[...reports, ...drifts.slice(-3)].map((file) => `  ${file}\n`).join('')}`);
};
