import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import type { Fault } from '../flights.ts';
import type { World } from '../world.ts';

const inWords: Readonly<Record<Fault, string>> = {
  metres: 'tells distances in metres instead of miles',
  'inverted-labels': 'has its labels the wrong way round',
};

/** The file of a week is wrong, and somebody is in a hurry: it must not reach production. */
const badWeek = async (world: World, week: number, fault: Fault): Promise<void> => {
  const { story } = world;
  const { registry, champion, retrain, ended, quarantined, pending, decide, whyNot } = desk(world);
  await world.liveUntil(dayOfWeek1(week + 1) + 1, { withheld: [week] });
  const batchId = await world.weekArrives(week, fault);
  story.happened(`the file of week ${week} arrives and ${inWords[fault]}; Bob asks for a new model at once`);
  const before = await champion();
  const decided = await retrain('the monthly report wants a fresh model');
  const runId = decided?.runId;
  if (runId !== undefined) {
    await world.settled(runId);
    const asked = await pending();
    if (asked !== undefined) await decide(asked, 'rejected', 'a gate did not pass: I do not let it through');
    const run = await ended(runId);
    story.happened(`the run ends ${run.status}: ${await whyNot(run)}`);
  }
  await story.promise(`a week that ${inWords[fault]} does not reach production`, async () => {
    const held = (await quarantined()).find((one) => one.batchId === batchId);
    const run = runId === undefined ? undefined : await registry.getRun(runId);
    const why = held?.gate
      .flatMap(({ verdict, because }) => (verdict === 'fail' ? [because] : []))
      .join('; ');
    return [
      (await champion()) === before && run?.status !== 'succeeded' && held !== undefined,
      held === undefined ? `the batch is not in quarantine; run ${run?.status}` : `in quarantine: ${why}`,
    ];
  });
  await world.weekArrives(week);
  story.happened(`the file of week ${week} arrives again, repaired`);
};

/** A unit bug and inverted labels, each in the file of a week. */
export const badWeeks = async (world: World): Promise<void> => {
  world.story.chapter('Two files that are wrong');
  await badWeek(world, 19, 'metres');
  await badWeek(world, 20, 'inverted-labels');
};
