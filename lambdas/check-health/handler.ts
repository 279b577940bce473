import * as z from 'zod';
import { predictionMetrics } from '../../lib/domain/prediction/index.ts';
import { judgeHealth } from '../../lib/domain/routing/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import type { Services } from '../services.ts';

const Input = z.object({
  model: z.string(),
  version: z.int().min(1),
  runId: z.string(),
  step: z.object({ kind: z.enum(['shadow', 'canary']), minutes: z.number().positive() }),
});
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'registry' | 'metrics' | 'clock'>;

export interface Health {
  readonly health: 'healthy' | 'unhealthy' | 'unknown';
  readonly because: readonly string[];
  /** How long to watch on when it is unknown. */
  readonly waitSeconds: number;
}

/** Whether the route still tries the version out as the step says. */
const isTriedOut = async ({ model, version, step }: Input, registry: Needs['registry']): Promise<boolean> => {
  const { canary, shadow } = await registry.getRoute(model);
  return version === (step.kind === 'canary' ? canary?.version : shadow);
};

/** Judges a challenger by what it answered, or failed to answer, while its step lasted. */
export const run = async (input: Input, { registry, metrics, clock }: Needs): Promise<Health> => {
  const { model, version, step } = input;
  // A person, or another roll-out, has decided otherwise: going on would undo that.
  if (!(await isTriedOut(input, registry)))
    return {
      health: 'unhealthy',
      because: [`version ${version} was taken off the route during its roll-out`],
      waitSeconds: 0,
    };
  const { spec } = await registry.getSpec(model);
  const to = clock.now() + 1;
  // Twice the step: requests counted while an unknown step was held belong to it too.
  const window = {
    from: to - 2 * step.minutes * 60_000,
    to,
    dimensions: { model, version: String(version), role: step.kind },
  };
  const [requests, errors] = await Promise.all([
    metrics.total({ ...window, name: predictionMetrics.requests }),
    metrics.total({ ...window, name: predictionMetrics.errors }),
  ]);
  const { minRequests, maxErrorShare } = spec.rollOut;
  const verdict = judgeHealth({ requests: requests.sum, errors: errors.sum, minRequests, maxErrorShare });
  return { health: verdict.health, because: [verdict.because], waitSeconds: Math.ceil(step.minutes * 60) };
};

export const step: Step<typeof Input, Needs, Health> = { input: Input, run };
