import fc from 'fast-check';
import { expect } from 'vitest';
import type { Run } from '../../../lib/domain/registry/index.ts';
import { batchesOf, type Signal } from '../../../lib/domain/retraining/index.ts';
import { decide, deeds } from './deeds.ts';
import { hourMs, type RetrainingWorld, retrainingWorld, type TakenLease } from './world.ts';

const model = 'penguins';

interface Rules {
  readonly when: readonly string[];
  readonly coolDownHours: number;
  readonly windowHours: number;
}

/** What a story has done so far that no record tells. */
export interface Told {
  /** Requests and dropped batches, by their signal. */
  readonly asked: Set<string>;
  /** Signals as they were last seen. */
  readonly seen: Map<string, Signal>;
}

const isOpen = ({ answeredBy }: Signal) => answeredBy === undefined;
const startOf = ({ startedAt }: Run) => Date.parse(startedAt);
const endOf = ({ finishedAt }: Run) =>
  finishedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(finishedAt);
const settled: readonly Run['status'][] = ['succeeded', 'rejected', 'refused'];
const restrained: readonly Run['trigger']['kind'][] = ['drift', 'quality', 'manual'];

/** What could be on record at that moment: what lies more than an hour ahead was written by a clock that was wrong. */
const credible = (atMs: number, nowMs: number) => atMs <= nowMs + hourMs;

/** Until when the challengers rejected before hold a run back: 24, 48, 96 hours, and no more. */
const backOffEnd = (before: readonly Run[]): number => {
  const judged = before
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

/** The batches that no run has trained on, as far as that can be said without what the controller makes of them. */
const newBatches = (taken: TakenLease, before: readonly Run[]) => {
  const done = before.filter(({ status }) => settled.includes(status));
  const lastStart = (runs: readonly Run[]) => Math.max(0, ...runs.map(startOf));
  const trainedAt = lastStart(done);
  const keptAt = lastStart(done.filter(({ trigger }) => restrained.includes(trigger.kind)));
  const own = new Set(before.flatMap(batchesOf));
  return taken.batches.filter(({ batchId, closedAt }) => {
    const judgement = taken.judgements.find((one) => one.batchId === batchId);
    if (judgement?.state === 'quarantined') return false;
    const closedMs = Date.parse(closedAt);
    const acceptedMs = Date.parse(judgement?.acceptance?.at ?? '1970-01-01');
    return closedMs > trainedAt || (!own.has(batchId) && closedMs > keptAt) || acceptedMs > trainedAt;
  });
};

const requireNewRows = async (world: RetrainingWorld, taken: TakenLease, before: readonly Run[]) => {
  const unseen = newBatches(taken, before);
  expect(unseen, 'a run on no new data').not.toEqual([]);
  const windows = await world.registry.listRealisedWindows(model);
  const rowsOf = new Map(windows.map(({ trainingKey, trainingRows }) => [trainingKey, trainingRows]));
  const rows = unseen.flatMap(({ arrivals }) => arrivals.map(({ key }) => rowsOf.get(key)));
  if (rows.includes(undefined)) return;
  expect(
    rows.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    'a run on too few new rows',
  ).toBeGreaterThanOrEqual(minNewRows);
};

/** Every run the controller decided on was one it might begin. */
const requireRestraint = async (world: RetrainingWorld, { coolDownHours, windowHours }: Rules) => {
  const all = await world.runs();
  const runOf = new Map(all.map((run) => [run.runId, run]));
  const { leases } = world;
  expect(new Set(leases.map(({ lease }) => lease.runId)).size, 'a name used twice').toBe(leases.length);
  expect(new Set(world.started.map(({ name }) => name)).size, 'a run started twice').toBe(
    world.started.length,
  );
  for (const [index, taken] of leases.entries()) {
    const { lease, atMs, underWay, isFree, isPaused, championSince = '2000-01-01' } = taken;
    expect([underWay, isFree], 'two runs at a time').toEqual([[], true]);
    expect(isPaused, 'a run during a pause').toBe(false);
    if (lease.trigger.kind === 'new-data') continue;
    const earlier = leases.slice(0, index).flatMap((one) => runOf.get(one.lease.runId) ?? []);
    const retrains = earlier
      .filter(({ trigger }) => restrained.includes(trigger.kind))
      .filter((run) => credible(startOf(run), atMs) && credible(endOf(run), atMs));
    const spent = retrains.filter((run) => startOf(run) > atMs - 7 * 24 * hourMs);
    expect(spent.length, 'over the budget').toBeLessThan(3);
    if (lease.trigger.kind === 'manual') continue;
    const before = all.filter(
      (run) => taken.knownRuns.has(run.runId) && credible(startOf(run), atMs) && credible(endOf(run), atMs),
    );
    const sinceMs = Date.parse(championSince);
    const last = Math.max(credible(sinceMs, atMs) ? sinceMs : 0, ...retrains.map(startOf));
    expect(atMs - last, 'inside a cool-down').toBeGreaterThanOrEqual(
      Math.max(coolDownHours, 3 * windowHours) * hourMs,
    );
    expect(atMs, 'inside a back-off').toBeGreaterThanOrEqual(backOffEnd(before));
    await requireNewRows(world, taken, before);
  }
};

/** A signal waits until a run was decided on that names it, or its champion is gone. */
const requireSignals = async (world: RetrainingWorld, { asked, seen }: Told) => {
  const signals = await world.signals();
  const decided = await world.decisions();
  const { champion } = await world.registry.getRoute(model);
  const known = new Map(signals.map((signal) => [signal.signalId, signal]));
  for (const id of [...seen.keys(), ...asked]) expect(known.has(id), `${id} is forgotten`).toBe(true);
  for (const signal of signals) {
    const { signalId, answeredBy, version } = signal;
    const isNew = isOpen(seen.get(signalId) ?? { ...signal, answeredBy: undefined });
    seen.set(signalId, signal);
    if (answeredBy === undefined || !isNew) continue;
    const answer = decided.find(({ runId }) => runId === answeredBy);
    if (answer === undefined)
      expect(version, 'closed without a run').not.toBe(version === undefined ? undefined : champion);
    else expect(answer.signals).toContain(signalId);
  }
};

/** Each batch that asked is in a run: one that was answered is named by the run that answers it. */
const requireBatches = async (world: RetrainingWorld) => {
  const runs = new Map((await world.runs()).map((run) => [run.runId, run]));
  for (const { batchId, answeredBy } of await world.signals()) {
    const run = runs.get(answeredBy ?? '');
    if (batchId !== undefined && run !== undefined) expect(batchesOf(run)).toContain(batchId);
  }
};

/** Nothing dies any more, nothing holds back: whatever still asks gets its run. */
const requireAnswers = async (world: RetrainingWorld, told: Told) => {
  world.dieNext(undefined);
  await world.decide();
  await world.endAll('failed');
  await world.pause(false);
  world.silence();
  for (let round = 0; round < 9; round += 1) {
    await world.newData();
    await world.passHours(8 * 24);
    await world.decide();
    await world.endAll('failed');
  }
  expect((await world.signals()).filter(isOpen), 'nobody answers').toEqual([]);
  const lease = await world.registry.findLease(model);
  if (lease !== undefined) expect(world.started.map(({ name }) => name)).toContain(lease.body.runId);
  await requireSignals(world, told);
  await requireBatches(world);
};

const rules: fc.Arbitrary<Rules> = fc.record({
  when: fc.constantFrom(['drift', 'quality'], ['drift', 'quality', 'new-data']),
  coolDownHours: fc.constantFrom(0, 24),
  windowHours: fc.constantFrom(1, 24),
});

const hasEnded = async (world: RetrainingWorld, told: Told, rule: Rules) => {
  await requireSignals(world, told);
  await requireRestraint(world, rule);
};

/**
 * Tells so many stories of what may happen to a model, in any order, and holds the controller to what it promises after each
 * deed: at most one run at a time, none in a cool-down, a back-off or a pause, none over the budget or on nothing new, no
 * signal lost, and every refusal written down.
 */
export const requirePromises = (stories: number): Promise<void> => {
  const steps = fc.array(fc.tuple(deeds, fc.boolean()), { minLength: 8, maxLength: 40, size: 'max' });
  return fc.assert(
    fc.asyncProperty(rules, steps, async (rule, story) => {
      const { when, coolDownHours, windowHours } = rule;
      const world = await retrainingWorld({ when, coolDownHours }, { windowHours });
      const told: Told = { asked: new Set(), seen: new Map() };
      for (const [{ act }, isDecided] of story) {
        await act(world, told);
        if (isDecided) await decide(world);
        await requireSignals(world, told);
      }
      await hasEnded(world, told, rule);
      await requireAnswers(world, told);
      await hasEnded(world, told, rule);
    }),
    { numRuns: stories },
  );
};
