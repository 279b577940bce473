import path from 'node:path';
import type { Run } from '../../lib/domain/registry/index.ts';
import { objectKeys, sourceExtension } from '../../lib/wire/object-keys.ts';
import { dayName, dayOfWeek1, lastWeek } from '../calendar.ts';
import { desk } from '../desk.ts';
import { historyWeeks, model, type World } from '../world.ts';

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

const reachedProduction = ({ status }: Run): boolean => status === 'succeeded';

/** Every retraining that was started, and every one that was not, with its reason. */
const accountOfRuns = async (world: World): Promise<void> => {
  const { story } = world;
  const { registry, champion, retrains, whyNot } = desk(world);
  const runs = await retrains();
  for (const run of runs) {
    const { startedAt, trigger, status } = run;
    const end = reachedProduction(run) ? `version ${run.modelVersion} serves` : await whyNot(run);
    story.account(
      `${dayName(Date.parse(startedAt))}  ${status.padEnd(9)}  asked for by ${trigger.by}: ${trigger.why}`,
      end,
    );
  }
  const decisions = await registry.listDecisions(model, { limit: 100 });
  const refusals = decisions.filter(({ decision }) => decision !== 'retrain');
  await story.promise(
    'one retraining reached production; every other, and every refusal, has its reason',
    async () => {
      const succeeded = runs.filter(reachedProduction).length;
      const silent = [
        ...decisions.filter(({ because }) => because.length === 0),
        ...runs.filter(({ outcome }) => outcome === undefined),
      ].length;
      const times = refusals.reduce((sum, { count }) => sum + count, 0);
      return [
        succeeded === 1 && runs.length === 4 && silent === 0 && (await champion()) === 1,
        `${runs.length} retrainings started in ${lastWeek - historyWeeks} weeks, ${succeeded} promoted; the controller held back ${times} times for ${refusals.length} reasons; ${silent} without a reason`,
      ];
    },
  );
};

/** The rest of the weeks arrive, and the accounts are made. */
export const theEnd = async (world: World): Promise<void> => {
  const { house, story, traffic } = world;
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
      lost === 0 && written === traffic.answered(),
      `${written.toLocaleString('en')} of ${traffic.answered().toLocaleString('en')} records, ${lost} lost`,
    ];
  });
  await accountOfRuns(world);
};
