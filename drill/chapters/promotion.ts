import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import { type KilledWorker, startWorker } from '../kill-worker.ts';
import { model, type World } from '../world.ts';

/** How long into the training the process is killed. */
const killAfterMs = 200;
const goldenRows = 5000;

/** 8 May: the file of week 18 is there, and the controller still cools down. */
const dayAdaLooks = dayOfWeek1(19) + 1;

/** Ada looks for herself: what is trusted from now on, and what she lets out of quarantine. */
const adaLooks = async (world: World): Promise<void> => {
  const { story, flights } = world;
  const { refreshGoldenSet, acceptQuarantined } = desk(world);
  await world.house.laptop.withScratchFolder(async (folder) => {
    const filePath = `${folder}/checked-by-hand.parquet`;
    await flights.writeChecked([16, 18], goldenRows, filePath);
    const { revision, rows } = await refreshGoldenSet(filePath, 'the summer timetable counts from now on');
    story.happened(
      `Ada puts ${rows.toLocaleString('en')} flights that she checked in force as golden set ${revision}`,
    );
  });
  const accepted = await acceptQuarantined('I compared it with the tower: they did come early');
  story.happened(`Ada lets ${accepted.length} batch(es) out of quarantine`);
};

/** A run is asked for while nobody executes; the process that takes it up is killed, and this one goes on. */
const retrainAndKill = async (world: World): Promise<KilledWorker> => {
  const { house, story } = world;
  const { laptop } = house;
  await laptop.workflow.shutdown();
  const decided = await desk(world).retrain('the flights of late April are in, and checked');
  story.happened(`Bob asks for a new model: ${decided?.decision}`);
  const worker = await startWorker({ home: laptop.home.folder, now: laptop.clock.now() });
  const killed = await worker.killAt('train-model started', killAfterMs);
  story.happened(`the process that trains it is killed (${killed.signal}); another goes on`);
  await laptop.workflow.run();
  return killed;
};

/** One retraining that learns from the shift, killed in the middle, judged on identical rows, and approved. */
export const promotion = async (world: World): Promise<void> => {
  const { story } = world;
  const { registry, retrains, pending, decide, champion, verdictOf } = desk(world);
  story.chapter('One retraining, killed in the middle');
  await world.liveUntil(dayAdaLooks);
  await story.promise(
    'after a rejected challenger the controller holds still, though the alarm rings on',
    async () => {
      const waits = (await registry.listDecisions(model)).filter(({ decision }) => decision === 'wait');
      return [waits.length > 0, waits.flatMap(({ because }) => because).join('; ')];
    },
  );
  await adaLooks(world);
  const before = (await retrains()).length;
  const killed = await retrainAndKill(world);
  const run = (await retrains())[before];
  if (run !== undefined) await world.settled(run.runId);
  const asked = await pending();
  await story.promise(
    'a run whose process was killed is taken up where it stood, and ends once',
    async () => {
      const runs = (await retrains()).length - before;
      const prepared = killed.said.filter((line) => line === 'prepare-dataset finished').length;
      return [
        killed.signal === 'SIGKILL' && runs === 1 && prepared === 1 && asked?.runId === run?.runId,
        `${prepared} dataset prepared before ${killed.signal}; ${runs} run, which asks about version ${asked?.version}`,
      ];
    },
  );
  if (asked === undefined || run === undefined) return;
  const verdict = await verdictOf(asked.version);
  for (const { gate, subject, verdict: said, because } of verdict.rows.filter((row) => row.gate !== 'G0'))
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
