import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { simulatedClock } from '../lib/adapters/local/simulated-clock.ts';
import { atHour, dayOfWeek1 } from './calendar.ts';
import { badWeeks } from './chapters/bad-weeks.ts';
import { firstModel } from './chapters/first-model.ts';
import { promotion } from './chapters/promotion.ts';
import { storms } from './chapters/storms.ts';
import { theEnd } from './chapters/the-end.ts';
import { theShift } from './chapters/the-shift.ts';
import { openFlights } from './flights.ts';
import { openHouse } from './house.ts';
import { makeStory } from './story.ts';
import { tellEnd } from './tell-end.ts';
import { askedPerDay, historyWeeks, makeWorld } from './world.ts';

/** Everything the drill leaves: kept until the next one, so that people can look around. */
const folder = path.resolve('.millrace/drill');
const longestSeconds = 120;

const write = (text: string): void => {
  process.stdout.write(text);
};
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const firstDay = dayOfWeek1(historyWeeks + 1);
const faults: unknown[] = [];
const clock = simulatedClock(atHour(firstDay, -1));
const story = makeStory({ now: clock.now, write });
const house = await openHouse({
  folder,
  clock,
  onFault: (fault) => faults.push(fault),
  onProgress: story.progress,
});
const flights = await openFlights({ askedPerDay, liveFromDay: firstDay });
try {
  const world = makeWorld({ house, flights, story });
  for (const chapter of [firstModel, theShift, promotion, badWeeks, storms, theEnd]) await chapter(world);
  await story.promise('nothing failed on the way', async () => [
    faults.length === 0,
    `${faults.length} fault(s)${faults.map((fault) => `: ${fault}`).join('')}`,
  ]);
} catch (fault) {
  await story.promise('the drill comes to its end', () => Promise.reject(fault));
} finally {
  await story.promise(`all of it takes less than ${longestSeconds} seconds`, async () => [
    story.elapsedSeconds() < longestSeconds,
    `${story.elapsedSeconds().toFixed(0)} s, ${(process.cpuUsage().user / 1e6).toFixed(0)} s of processor`,
  ]);
  await tellEnd(house, story, write);
  flights.close();
  await house.close();
}
const broken = story.promises().filter(({ isKept }) => !isKept).length;
write(`\n${broken === 0 ? 'All promises are kept.' : `${broken} promise(s) are broken.`}\n`);
process.exitCode = broken === 0 ? 0 : 1;
