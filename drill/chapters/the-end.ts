import path from 'node:path';
import { objectKeys, sourceExtension } from '../../lib/wire/object-keys.ts';
import { dayOfWeek1, lastWeek } from '../calendar.ts';
import { desk } from '../desk.ts';
import { model, type World } from '../world.ts';

const allFlights = 3_000_000;

/** Rows that lie in the store in files of weeks, those that came wrong not counted. */
const storedRows = async ({ house, flights }: World): Promise<number> => {
  const { laptop } = house;
  const batches = await laptop.registry.listBatches(model, { limit: 200 });
  const keys = batches.flatMap(({ arrivals }) =>
    arrivals.flatMap(({ key, sha256 }) =>
      sha256 !== undefined && /2001-week-\d\d\.parquet$/.test(key)
        ? [objectKeys.source(model, sha256, sourceExtension(key))]
        : [],
    ),
  );
  return flights.countRows(keys.map((key) => path.join(laptop.home.objectsFolder, key)));
};

/** The rest of the weeks arrive, and the accounts are made. */
export const theEnd = async (world: World): Promise<void> => {
  const { house, story, traffic } = world;
  const { registry, champion, retrains } = desk(world);
  story.chapter('The accounts');
  await world.liveUntil(dayOfWeek1(lastWeek + 1));
  await world.weekArrives(lastWeek);
  story.happened(`the file of week ${lastWeek} arrives, the last`);
  await story.promise('all 3,000,000 flights were used, each once', async () => {
    const stored = await storedRows(world);
    return [
      stored + traffic.asked() === allFlights,
      `${stored.toLocaleString('en')} in files of weeks, ${traffic.asked().toLocaleString('en')} asked about over HTTP`,
    ];
  });
  await story.promise('every answer was captured', async () => {
    const { written, lost } = await house.laptop.capture.flush();
    return [
      lost === 0 && written === traffic.asked(),
      `${written} of ${traffic.asked()} records, ${lost} lost`,
    ];
  });
  await story.promise('one retraining reached production, and every decision has its reason', async () => {
    const runs = await retrains();
    const decisions = await registry.listDecisions(model, { limit: 100 });
    const succeeded = runs.filter(({ status }) => status === 'succeeded').length;
    const silent = decisions.filter(({ because }) => because.length === 0).length;
    return [
      succeeded === 1 && silent === 0 && (await champion()) === 1,
      `${runs.length} retrainings, ${succeeded} succeeded; ${decisions.length} decisions recorded, ${silent} without a reason`,
    ];
  });
};
