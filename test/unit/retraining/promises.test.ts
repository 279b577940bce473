import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../../../lib/domain/registry/index.ts';
import type { Signal } from '../../../lib/domain/retraining/index.ts';
import { type Death, hourMs, type RetrainingWorld, retrainingWorld } from './world.ts';

const model = 'penguins';

interface Rules {
  readonly coolDownHours: number;
  readonly windowHours: number;
}

/** What a story has done so far that no record tells. */
interface Told {
  /** Requests by their signal. */
  readonly asked: Set<string>;
  /** Signals as they were last seen. */
  readonly seen: Map<string, Signal>;
  isPaused: boolean;
}

type Deed = (world: RetrainingWorld, told: Told) => Promise<unknown> | unknown;

const isOpen = ({ answeredBy }: Signal) => answeredBy === undefined;
const isoNow = (world: RetrainingWorld) => new Date(world.clock.now()).toISOString();
const leftAlone = (work: Promise<unknown>) => work.then(() => undefined).catch(() => undefined);
const decisionsToRetrain = async (world: RetrainingWorld) =>
  (await world.decisions()).filter(({ decision }) => decision === 'retrain').length;

/** Decides once; what is not done about a signal is on record as of now, and a pause lets nothing be decided on. */
const decide: Deed = async (world, told) => {
  const before = await decisionsToRetrain(world);
  const verdict = await world.decide().catch(() => undefined);
  if (told.isPaused) expect(await decisionsToRetrain(world)).toBe(before);
  if (verdict === undefined || verdict.decision === 'retrain') return;
  if (!(await world.signals()).some(isOpen)) return;
  const { decision, because } = verdict;
  expect((await world.decisions())[0]).toMatchObject({ decision, because, lastSeenAt: isoNow(world) });
};

const ask =
  (id: string): Deed =>
  async (world, told) => {
    told.asked.add(`manual-${id}`);
    await leftAlone(world.ask('because', id));
  };

/** Data nobody trained on, drift that rings, a decision, and how its run ends, if one began. */
const driftsAnd =
  (end: 'rejected' | 'failed' | 'succeeded'): Deed =>
  async (world, told) => {
    await world.newData();
    world.silence();
    await world.drift();
    await decide(world, told);
    await world.endRun(end);
  };

/** Spans on both sides of every limit. */
const spans = [1, 23, 25, 47, 49, 71, 73, 95, 97];

/** What may happen to a model, in any order. */
const deeds: fc.Arbitrary<{ readonly name: string; readonly act: Deed }> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...spans).map((hours) => ({
      name: `${hours} hours pass`,
      act: (world: RetrainingWorld) => world.passHours(hours),
    })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('rejected' as const, 'rejected' as const, 'failed' as const, 'succeeded' as const)
      .map((end) => ({ name: `it drifts, and the run is ${end}`, act: driftsAnd(end) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ rows: fc.constantFrom(200, 600), score: fc.constantFrom(0, 2, 2) })
      .map(({ rows, score }) => ({
        name: `labels tell of ${rows} rows, score ${score}`,
        act: (world: RetrainingWorld) => world.tellLabels(rows, score),
      })),
  },
  {
    weight: 2,
    arbitrary: fc.nat(30).map((id) => ({
      name: `Ada asks (${id}) and it fails`,
      act: async (world: RetrainingWorld, told: Told) => {
        await ask(`${id}`)(world, told);
        await world.endRun('failed');
      },
    })),
  },
  fc.nat(5).map((id) => ({ name: `Ada asks (${id})`, act: ask(`${id}`) })),
  {
    weight: 3,
    arbitrary: fc.constantFrom<{ name: string; act: Deed }>(
      { name: 'drift', act: (world) => world.drift() },
      { name: 'silence', act: (world) => world.silence() },
      { name: 'new data', act: (world) => world.newData() },
      {
        name: 'bad data',
        act: async (world) => {
          await world.judge(3, 'data-quality');
          world.ring('data-quality');
        },
      },
      {
        name: 'pause',
        act: async (world, told) => {
          await world.pause(true);
          told.isPaused = true;
        },
      },
      {
        name: 'resume',
        act: async (world, told) => {
          await world.pause(false);
          told.isPaused = false;
        },
      },
      { name: 'the run succeeds', act: (world) => world.endRun('succeeded') },
      { name: 'the run is rejected', act: (world) => world.endRun('rejected') },
      { name: 'the run fails', act: (world) => world.endRun('failed') },
    ),
  },
  fc
    .constantFrom<Death>('before the run is recorded', 'before the execution', 'after the execution')
    .map((death) => ({ name: `will die ${death}`, act: (world: RetrainingWorld) => world.dieNext(death) })),
  fc.integer({ min: 2, max: 3 }).map((copies) => ({
    name: `decide, ${copies} at once`,
    act: (world: RetrainingWorld) => Promise.allSettled(Array.from({ length: copies }, () => world.decide())),
  })),
);

const startOf = ({ startedAt }: Run) => Date.parse(startedAt);
const endOf = ({ finishedAt }: Run) =>
  finishedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(finishedAt);

/** Until when the challengers rejected before a run hold it back: 24, 48, 96 hours, and no more. */
const backOffEnd = (next: Run, runs: readonly Run[]): number => {
  const judged = runs
    .filter((run) => run !== next && endOf(run) <= startOf(next))
    .filter(({ status }) => status === 'rejected' || status === 'succeeded')
    .toSorted((a, b) => endOf(b) - endOf(a));
  const streak = judged.findIndex(({ status }) => status === 'succeeded');
  const rejected = judged.slice(0, streak === -1 ? judged.length : streak);
  const [latest] = rejected;
  const hours = [0, 24, 48][rejected.length] ?? 96;
  return latest === undefined ? Number.NEGATIVE_INFINITY : endOf(latest) + hours * hourMs;
};

/** What model.json asks for unless it says otherwise. */
const minNewRows = 500;

/** Nobody but a person starts a run on fewer new rows than asked for, where all of them are known. */
const requireEnoughRows = async (world: RetrainingWorld, run: Run, runs: readonly Run[]) => {
  const settled = runs.filter(
    ({ startedAt, status }) =>
      startedAt < run.startedAt && ['succeeded', 'rejected', 'refused'].includes(status),
  );
  const trainedAt =
    settled
      .map(({ startedAt }) => startedAt)
      .toSorted()
      .at(-1) ?? '';
  const rowsOf = new Map(
    (await world.registry.listRealisedWindows(model)).map(({ trainingKey, trainingRows }) => [
      trainingKey,
      trainingRows,
    ]),
  );
  const unseen = (await world.registry.listBatches(model))
    .filter(({ closedAt }) => closedAt > trainedAt && closedAt <= run.startedAt)
    .flatMap(({ arrivals }) => arrivals.map(({ key }) => rowsOf.get(key)));
  if (unseen.includes(undefined)) return;
  expect(unseen.reduce<number>((sum, rows) => sum + (rows ?? 0), 0)).toBeGreaterThanOrEqual(minNewRows);
};

const requireRestraint = async (world: RetrainingWorld, { coolDownHours, windowHours }: Rules) => {
  const all = (await world.runs()).toReversed();
  const retrains = all.filter(({ runId }) => runId.startsWith('retrain-'));
  const reigns = await world.registry.listReigns(model);

  // One at a time, and each started once.
  retrains.forEach((run, index) => {
    if (index > 0) expect(endOf(retrains[index - 1] as Run)).toBeLessThanOrEqual(startOf(run));
  });
  expect(new Set(world.started.map(({ name }) => name)).size).toBe(world.started.length);

  for (const run of retrains) {
    const start = startOf(run);
    const before = retrains.filter((other) => startOf(other) <= start);
    // Within the budget: this one is the third at most.
    expect(before.filter((other) => startOf(other) > start - 7 * 24 * hourMs).length).toBeLessThanOrEqual(3);
    if (run.trigger.kind === 'manual') continue;
    // Not inside a cool-down, by model.json or by the alarm's three windows.
    const since = reigns.find((reign) => reign.since <= run.startedAt)?.since ?? '2000-01-01';
    const last = Math.max(Date.parse(since), ...before.filter((other) => other !== run).map(startOf));
    expect(start - last).toBeGreaterThanOrEqual(Math.max(coolDownHours, 3 * windowHours) * hourMs);
    expect(start).toBeGreaterThanOrEqual(backOffEnd(run, all));
    await requireEnoughRows(world, run, all);
  }
};

/** A signal waits until a run was decided on that names it, or its champion is gone. */
const requireSignals = async (world: RetrainingWorld, { asked, seen }: Told) => {
  const signals = await world.signals();
  const decided = await world.decisions();
  const { champion } = await world.registry.getRoute(model);
  const known = new Map(signals.map((signal) => [signal.signalId, signal]));
  for (const id of [...seen.keys(), ...asked]) expect(known.has(id)).toBe(true);
  for (const signal of signals) {
    const { signalId, answeredBy, version } = signal;
    const isNew = isOpen(seen.get(signalId) ?? { ...signal, answeredBy: undefined });
    seen.set(signalId, signal);
    if (answeredBy === undefined || !isNew) continue;
    const answer = decided.find(({ runId }) => runId === answeredBy);
    if (answer === undefined) expect(version).not.toBe(version === undefined ? undefined : champion);
    else expect(answer.signals).toContain(signalId);
  }
};

/** Nothing dies any more, nothing holds back: whatever still asks gets its run. */
const requireAnswers = async (world: RetrainingWorld, told: Told) => {
  world.dieNext(undefined);
  await world.decide();
  await world.endRun('failed');
  await world.pause(false);
  world.silence();
  await world.newData();
  await world.passHours(8 * 24);
  const asking = (await world.signals()).filter(isOpen);
  const verdict = await world.decide();
  const { champion } = await world.registry.getRoute(model);
  if (asking.some(({ version }) => version === undefined || version === champion))
    expect(verdict.decision).toBe('retrain');
  expect((await world.signals()).filter(isOpen)).toEqual([]);
  const lease = await world.registry.findLease(model);
  if (lease !== undefined) expect(world.started.map(({ name }) => name)).toContain(lease.body.runId);
  await requireSignals(world, told);
};

test('whatever happens: one run at a time, no cool-down or back-off broken, no budget overrun, no run on too few new rows, no signal lost, every refusal written down', async () => {
  const rules = fc.record({ coolDownHours: fc.constantFrom(0, 24), windowHours: fc.constantFrom(1, 24) });
  const steps = fc.array(fc.tuple(deeds, fc.boolean()), { minLength: 8, maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(rules, steps, async (rule, story) => {
      const { windowHours, coolDownHours } = rule;
      const world = await retrainingWorld({ when: ['drift', 'quality'], coolDownHours }, { windowHours });
      const told: Told = { asked: new Set(), seen: new Map(), isPaused: false };
      for (const [{ act }, isDecided] of story) {
        await act(world, told);
        if (isDecided) await decide(world, told);
        await requireSignals(world, told);
      }
      await requireRestraint(world, rule);
      await requireAnswers(world, told);
      await requireRestraint(world, rule);
    }),
    { numRuns: 60 },
  );
});
