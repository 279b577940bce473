import fc from 'fast-check';
import { expect } from 'vitest';
import type { RunEnd } from '../../../lib/domain/registry/index.ts';
import type { Signal } from '../../../lib/domain/retraining/index.ts';
import type { Told } from './promises.ts';
import type { Death, RetrainingWorld } from './world.ts';

type Deed = (world: RetrainingWorld, told: Told) => Promise<unknown> | unknown;
export interface NamedDeed {
  readonly name: string;
  readonly act: Deed;
  /** How a counterexample is told. */
  readonly [fc.toStringMethod]: () => string;
}

const isOpen = ({ answeredBy }: Signal) => answeredBy === undefined;
const isoNow = (world: RetrainingWorld) => new Date(world.clock.now()).toISOString();

/** What was decided, and is not to retrain, is on record as of now while anything asks. */
const requireRecord = async (
  world: RetrainingWorld,
  verdict: { readonly decision: string; readonly because: readonly string[] } | undefined,
): Promise<void> => {
  if (verdict === undefined || verdict.decision === 'retrain') return;
  if (!(await world.signals()).some(isOpen)) return;
  const { decision, because } = verdict;
  expect((await world.decisions())[0], 'a refusal that is not on record').toMatchObject({
    decision,
    because,
    lastSeenAt: isoNow(world),
  });
};

/** Decides once, unless it dies of it. */
export const decide = async (world: RetrainingWorld): Promise<void> =>
  requireRecord(world, await world.decide().catch(() => undefined));

const ask =
  (id: string): Deed =>
  async (world, { asked }) => {
    const answer = await world.ask('because', id).catch(() => undefined);
    // Whoever was told anything is remembered; one whose request died asks again.
    if (answer !== undefined) asked.add(`manual-${id}`);
    if (answer?.decision !== 'retrain') await requireRecord(world, answer);
  };

/** A file dropped where new data is trained on in its turn; a collection that dies is taken up again. */
const drop: Deed = async (world, { asked }) => {
  const { batchId, files } = await world.newData();
  const collect = () => world.takeUp(batchId, files);
  // Three tries, as the state machine has them: no more deaths than two are waiting.
  const outcome = await collect().catch(() => collect().catch(collect));
  asked.add(`new-data-${batchId}`);
  if (outcome.status === 'kept') expect(world.messages.at(-1)?.text).toContain(outcome.because);
};

/** What a run could be made of since the last, days after whatever was before. */
type Since = 'a file' | 'few labels' | 'nothing';

const driftsAnd =
  (since: Since, end: RunEnd): Deed =>
  async (world) => {
    world.silence();
    await world.passHours(since === 'a file' ? 0 : 97);
    if (since === 'a file') await world.newData();
    if (since === 'few labels') await world.tellLabels(200, 0);
    await world.drift();
    await decide(world);
    await world.endRun(end);
  };

const named = (name: string, act: Deed): NamedDeed => ({ name, act, [fc.toStringMethod]: () => name });

/** Spans on both sides of every limit. */
const spans = [1, 23, 25, 47, 49, 71, 73, 95, 97];
/** How wrong the clock may go: within what clocks of one house differ by, and far beyond. */
const errors = [-100, -2, -0.5, 0, 0, 0.5, 2, 5000];

const badData: Deed = async (world) => {
  await world.judge(3, 'data-quality');
  world.ring('data-quality');
};

const ends: fc.Arbitrary<RunEnd> = fc.constantFrom('rejected', 'rejected', 'failed', 'refused', 'succeeded');

const moments: readonly NamedDeed[] = [
  named('drift', (world) => world.drift()),
  named('silence', (world) => world.silence()),
  named('data that is kept', (world) => world.newData()),
  named('bad data', badData),
  named('pause', (world) => world.pause(true)),
  named('resume', (world) => world.pause(false)),
  named('the run succeeds', (world) => world.endRun('succeeded')),
  named('the run is rejected', (world) => world.endRun('rejected')),
  named('the run is refused', (world) => world.endRun('refused')),
  named('the run fails', (world) => world.endRun('failed')),
  named('the champion is rolled back', (world) => world.rollBack()),
  named('a batch is quarantined', (world) => world.quarantine()),
  named('what is in quarantine is let in', (world) => world.acceptQuarantined()),
  named('a model is brought', (world) => world.bring()),
];

const deaths: fc.Arbitrary<NamedDeed> = fc.oneof(
  fc
    .constantFrom<Death>('before the run is recorded', 'before the execution', 'after the execution')
    .map((death) => named(`will die ${death}`, (world) => world.dieNext(death))),
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.boolean())
    .map(([write, isWritten]) =>
      named(`will die ${isWritten ? 'after' : 'before'} write ${write}`, (world) =>
        world.dieAtWrite(write, isWritten),
      ),
    ),
);

/** What may happen to a model. */
export const deeds: fc.Arbitrary<NamedDeed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...spans)
      .map((hours) => named(`${hours} hours pass`, (world) => world.passHours(hours))),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom<Since>('a file', 'a file', 'few labels', 'nothing'), ends)
      .map(([since, end]) =>
        named(`${since} comes, it drifts, and the run is ${end}`, driftsAnd(since, end)),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(200, 600), fc.constantFrom(0, 2, 2))
      .map(([rows, score]) =>
        named(`labels tell of ${rows} rows, score ${score}`, (world) => world.tellLabels(rows, score)),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(30).map((id) =>
      named(`Ada asks (${id}) and it fails`, async (world, told) => {
        await ask(`${id}`)(world, told);
        await world.endRun('failed');
      }),
    ),
  },
  fc.nat(5).map((id) => named(`Ada asks (${id})`, ask(`${id}`))),
  { weight: 2, arbitrary: fc.constant(named('a file is dropped', drop)) },
  { weight: 4, arbitrary: fc.constantFrom(...moments) },
  deaths,
  fc
    .constantFrom(...errors)
    .map((hours) => named(`the clock is ${hours} hours ahead`, (world) => world.jumpHours(hours))),
  fc
    .integer({ min: 2, max: 3 })
    .map((copies) =>
      named(`decide, ${copies} at once`, (world) =>
        Promise.allSettled(Array.from({ length: copies }, () => world.decide())),
      ),
    ),
);
