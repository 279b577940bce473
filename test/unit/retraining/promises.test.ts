import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Signal } from '../../../lib/domain/retraining/index.ts';
import { type Death, hourMs, type RetrainingWorld, retrainingWorld } from './world.ts';

type Deed = (world: RetrainingWorld) => Promise<unknown> | unknown;

const coolDownHours = 72;

/** What may happen to a model, in any order. */
const deeds: fc.Arbitrary<{ readonly name: string; readonly act: Deed }> = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((hours) => ({
    name: `${hours} hours pass`,
    act: (world: RetrainingWorld) => world.passHours(hours),
  })),
  fc.constantFrom(
    { name: 'drift', act: (world: RetrainingWorld) => world.drift() },
    {
      name: 'new data drifts',
      act: async (world: RetrainingWorld) => {
        await world.newData();
        await world.drift();
        await Promise.allSettled([world.decide()]);
      },
    },
    { name: 'silence', act: (world: RetrainingWorld) => world.silence() },
    { name: 'new data', act: (world: RetrainingWorld) => world.newData() },
    { name: 'pause', act: (world: RetrainingWorld) => world.pause(true) },
    { name: 'resume', act: (world: RetrainingWorld) => world.pause(false) },
    { name: 'the run succeeds', act: (world: RetrainingWorld) => world.endRun('succeeded') },
    { name: 'the run is rejected', act: (world: RetrainingWorld) => world.endRun('rejected') },
    { name: 'the run fails', act: (world: RetrainingWorld) => world.endRun('failed') },
  ),
  fc.nat(30).map((id) => ({
    name: `Ada asks (${id}) and it fails`,
    act: async (world: RetrainingWorld) => {
      await world.ask('because', `${id}`).catch(() => undefined);
      await world.endRun('failed');
    },
  })),
  fc.nat(5).map((id) => ({
    name: `Ada asks (${id})`,
    act: (world: RetrainingWorld) => world.ask('because', `${id}`).catch(() => undefined),
  })),
  fc
    .constantFrom<Death>('before the run is recorded', 'before the execution', 'after the execution')
    .map((death) => ({ name: `will die ${death}`, act: (world: RetrainingWorld) => world.dieNext(death) })),
  fc.integer({ min: 1, max: 3 }).map((copies) => ({
    name: `decide, ${copies} at once`,
    act: (world: RetrainingWorld) => Promise.allSettled(Array.from({ length: copies }, () => world.decide())),
  })),
);

const isOpen = ({ answeredBy }: Signal) => answeredBy === undefined;

/** Runs of the controller, oldest first. */
const readRuns = async (world: RetrainingWorld) => {
  const runs = (await world.runs()).toReversed();
  return runs.filter(({ runId }) => runId.startsWith('retrain-'));
};

const requirePromises = async (world: RetrainingWorld, seen: Map<string, Signal>) => {
  const retrains = await readRuns(world);
  const signals = await world.signals();
  const reigns = await world.registry.listReigns('penguins');

  // One at a time, and each started once.
  expect(retrains.filter(({ status }) => status === 'running').length).toBeLessThanOrEqual(1);
  expect(new Set(world.started.map(({ name }) => name)).size).toBe(world.started.length);

  retrains.forEach((run, index) => {
    const startMs = Date.parse(run.startedAt);
    // Within the budget.
    const sevenDays = retrains.filter(({ startedAt }) => {
      const before = startMs - Date.parse(startedAt);
      return before >= 0 && before < 7 * 24 * hourMs;
    });
    expect(sevenDays.length).toBeLessThanOrEqual(3);
    if (run.trigger.kind === 'manual') return;
    // Not inside a cool-down.
    const reign = reigns.find(({ since }) => since <= run.startedAt);
    const last = Math.max(
      Date.parse(retrains[index - 1]?.startedAt ?? '2000-01-01'),
      Date.parse(reign?.since ?? '2000-01-01'),
    );
    expect(startMs - last).toBeGreaterThanOrEqual(coolDownHours * hourMs);
  });

  // No signal is lost: it waits, or says what became of it, and a run it names was really decided on.
  const decided = new Set((await world.decisions()).flatMap(({ runId }) => runId ?? []));
  const known = new Map(signals.map((signal) => [signal.signalId, signal]));
  for (const id of seen.keys()) expect(known.has(id)).toBe(true);
  for (const signal of signals) {
    seen.set(signal.signalId, signal);
    const { answeredBy } = signal;
    if (answeredBy?.startsWith('retrain-')) expect(decided.has(answeredBy)).toBe(true);
  }
};

test('whatever happens: one run at a time, no cool-down broken, no budget overrun, no signal lost, every refusal written down', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 5, maxLength: 40 }), async (story) => {
      const world = await retrainingWorld();
      const seen = new Map<string, Signal>();
      for (const { act } of story) {
        await act(world);
        await requirePromises(world, seen);
      }

      // Nothing dies any more: a decision with anything pending is on record, and what was decided has started.
      await Promise.allSettled([world.decide()]);
      const verdict = await world.decide();
      const [latest] = await world.decisions();
      const now = new Date(world.clock.now()).toISOString();
      if ((await world.signals()).some(isOpen))
        expect(latest).toMatchObject({
          decision: verdict.decision,
          because: verdict.because,
          lastSeenAt: now,
        });
      const lease = await world.registry.findLease('penguins');
      if (lease !== undefined) expect(world.started.map(({ name }) => name)).toContain(lease.body.runId);
      await requirePromises(world, seen);
    }),
    { numRuns: 70 },
  );
});
