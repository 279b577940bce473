import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
import { askedPerDay, historyWeeks, makeWorld } from './world.ts';

const firstDay = dayOfWeek1(historyWeeks + 1);
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-drill-'));
const faults: unknown[] = [];
const house = await openHouse({
  folder,
  startMs: atHour(firstDay, -1),
  onFault: (fault) => faults.push(fault),
});
const story = makeStory({ now: house.clock.now, write: (text) => process.stdout.write(text) });
try {
  const flights = await openFlights({ askedPerDay, liveFromDay: firstDay });
  const world = makeWorld({ house, flights, story });
  await firstModel(world);
  await theShift(world);
  await promotion(world);
  await badWeeks(world);
  await storms(world);
  await theEnd(world);
  flights.close();
} finally {
  console.log(faults);
  console.log(
    (await house.laptop.registry.listRealisedWindows('early-flights')).map((w) => [
      w.windowEnd,
      w.version,
      w.rows,
      w.labelledRows,
      w.outcome,
      w.value,
      w.reference,
      w.score,
      w.because,
    ]),
  );
  for (const d of await house.laptop.registry.listDecisions('early-flights', { limit: 50 }))
    console.log(d.at, d.decision, d.because, d.runId, d.count);
  for (const d of await house.laptop.registry.listRuns('early-flights', { limit: 50 }))
    console.log(d.startedAt, d.runId, d.status, d.outcome, d.durationsMs);
  for (const d of house.laptop.notifier.inbox(50))
    console.log(d.notification.subject, '|', d.notification.text?.slice(0, 300));
  await house.close();
}
