import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import { type KilledWorker, startWorker } from '../kill-worker.ts';
import type { World } from '../world.ts';

/** How long into the training the process is killed. */
const killAfterMs = 300;

const goldenRows = 5000;

/** The controller waits, then retrains; the process that works on it is killed, and another one goes on. */
export const promotion = async (world: World): Promise<void> => {
  const { house, story, flights } = world;
  const { laptop } = house;
  const { registry, retrains, pending, decide, champion, refreshGoldenSet, acceptQuarantined, challengerOf } =
    desk(world);
  story.chapter('One retraining, killed in the middle');
  await world.liveUntil(dayOfWeek1(19) + 1);
  await laptop.withScratchFolder(async (folder) => {
    const filePath = `${folder}/checked-by-hand.parquet`;
    await flights.writeChecked([16, 18], goldenRows, filePath);
    const { revision, rows } = await refreshGoldenSet(
      filePath,
      'the summer timetable is what counts from now on',
    );
    story.happened(
      `Ada puts ${rows.toLocaleString('en')} checked flights of April and May in force: golden set ${revision}`,
    );
  });
  const accepted = await acceptQuarantined('I compared it with the tower: the flights did come early');
  story.happened(`Ada takes ${accepted.length} batch(es) out of quarantine`);
  const before = (await retrains()).length;
  let killed: KilledWorker | undefined;

  /** The evening's decision is carried out by a process of its own. */
  const evening = async (look: () => Promise<void>): Promise<void> => {
    await laptop.workflow.shutdown();
    await look();
    if ((await retrains()).length > before) {
      const worker = await startWorker({ home: laptop.home.folder, now: laptop.clock.now() });
      killed = await worker.killAt('train-model started', killAfterMs);
      story.happened(
        `process ${worker.pid}, which trains, is killed (${killed.signal}); another one goes on`,
      );
    }
    await laptop.workflow.run();
  };
  await world.liveUntil(dayOfWeek1(20), {
    evening,
    until: async () => (await retrains()).length > before,
  });
  const run = (await retrains())[before];
  const asked = await pending();
  await story.promise(
    'a run whose process was killed is taken up where it stood, and ends once',
    async () => {
      const executions = (await laptop.workflow.list({ machine: 'train-and-promote' })).length;
      const trained = killed?.said.filter((line) => line === 'prepare-dataset finished').length;
      return [
        killed?.signal === 'SIGKILL' && asked !== undefined && asked.runId === run?.runId,
        `killed while training, ${trained} dataset prepared before; ${executions} executions in all, question of version ${asked?.version}`,
      ];
    },
  );
  if (asked === undefined || run === undefined) return;
  const verdict = await challengerOf(asked.version);
  for (const { gate, subject, verdict: said, because } of verdict.rows)
    story.note(`${gate} ${said.padEnd(8)} ${subject}: ${because}`);
  await story.promise(
    'challenger and champion are judged on identical rows, those of the shift among them',
    async () => {
      const [golden, recent] = ['G1', 'G2'].map((gate) => verdict.rows.find((row) => row.gate === gate));
      return [
        verdict.standing.G1 === 'pass' && verdict.standing.G2 === 'pass' && verdict.standing.G3 === 'pass',
        `${golden?.numbers.rows} golden and ${recent?.numbers.rows} recent flights asked of both; ${recent?.because}`,
      ];
    },
  );
  await decide(asked, 'approved', 'better on the newest flights, no worse on the trusted ones');
  story.happened(`Ada approves, and version ${await champion()} serves`);
  await story.promise(
    'a challenger that is better on recent flights becomes champion once a person has said so',
    async () => [
      (await champion()) === asked.version && (await registry.getRun(run.runId)).status === 'succeeded',
      `champion ${await champion()}`,
    ],
  );
};
