import * as z from 'zod';
import type { Step } from '../../lib/wire/house.ts';
import { stackMetrics } from '../../lib/wire/metrics.ts';
import { judgeRealised, type RealisedNeeds } from './realised.ts';
import { type TakeLabelsNeeds, takeLabels } from './take-labels.ts';
import { type Needs as WatchNeeds, watchModel } from './watch-model.ts';

/** A schedule's event says nothing we need: unknown keys are passed over. */
const Input = z.object({ models: z.array(z.string()).optional() });
type Input = z.infer<typeof Input>;
type Needs = WatchNeeds &
  TakeLabelsNeeds &
  RealisedNeeds & {
    /** How long an approval may wait before it counts as stuck. */
    readonly stuckAfterHours: number;
  };

export interface Watched {
  /** Windows judged by this look, by model. */
  readonly windows: Readonly<Record<string, number>>;
  readonly stuckApprovals: number;
}

/** Written only when there is one: a series that is never written is never billed. */
const countStuckApprovals = async ({ registry, metrics, clock, stuckAfterHours }: Needs): Promise<number> => {
  const pending = await registry.listPendingApprovals();
  const before = clock.now() - stuckAfterHours * 3_600_000;
  const stuck = pending.filter(({ requestedAt }) => Date.parse(requestedAt) < before).length;
  if (stuck > 0)
    await metrics.put([
      { name: stackMetrics.stuckApprovals, value: stuck, unit: 'Count', dimensions: {}, at: clock.now() },
    ]);
  return stuck;
};

/** Labels nobody can take in keep no window from being judged, nor the other way round. */
const attempt = async (faults: unknown[], { signal }: Needs, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (fault) {
    signal?.throwIfAborted();
    faults.push(fault);
  }
};

/**
 * Judges what every model answered in the windows that are over. The fault of one model keeps no other from being
 * watched; it is thrown when all have been.
 */
export const run = async (input: Input, services: Needs): Promise<Watched> => {
  const { registry } = services;
  const models = input.models ?? (await registry.listModels()).map(({ model }) => model);
  const windows: [string, number][] = [];
  const faults: unknown[] = [];
  for (const model of models) {
    await attempt(faults, services, async () =>
      windows.push([model, (await watchModel(model, services)).length]),
    );
  }
  // Labels come last, for all models: there may be any number of them.
  for (const model of models) {
    await attempt(faults, services, () => takeLabels(model, services));
    await attempt(faults, services, () => judgeRealised(model, services));
  }
  const stuckApprovals = await countStuckApprovals(services);
  if (faults.length > 0) throw faults[0];
  return { windows: Object.fromEntries(windows), stuckApprovals };
};

export const step: Step<typeof Input, Needs, Watched> = { input: Input, run };
