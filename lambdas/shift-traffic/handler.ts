import * as z from 'zod';
import type { MovedRoute } from '../../lib/registry/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { Reasons } from '../reasons.ts';
import type { Services } from '../services.ts';

const RollOutStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shadow'), minutes: z.number().positive() }),
  z.object({ kind: z.literal('canary'), percent: z.number(), minutes: z.number().positive() }),
  z.object({ kind: z.literal('promote') }),
  z.object({ kind: z.literal('abort') }),
]);
const Input = z.object({
  model: z.string(),
  version: z.int().min(1),
  runId: z.string(),
  step: RollOutStep,
  because: Reasons.default([]),
});
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'registry'>;

export interface Shifted {
  readonly kind: z.infer<typeof RollOutStep>['kind'];
  readonly waitSeconds: number;
}

const move = async (input: Input, registry: Services['registry']): Promise<MovedRoute> => {
  const { model, version, runId, step } = input;
  const { revision: expectedRevision } = await registry.getRoute(model);
  const move = { model, version, expectedRevision, by: 'roll-out', why: `run ${runId}` };
  if (step.kind === 'shadow') return registry.setShadow(move);
  if (step.kind === 'canary') return registry.setCanary({ ...move, percent: step.percent });
  if (step.kind === 'promote') return registry.promote(move);
  return registry.abortRollOut({
    model,
    version,
    by: 'roll-out',
    why: input.because.join('; ') || `run ${runId}`,
  });
};

/** Takes one step of a roll-out: one conditional write to the route. Done again, it changes nothing. */
export const run = async (input: Input, { registry }: Needs): Promise<Shifted> => {
  await move(input, registry);
  return {
    kind: input.step.kind,
    waitSeconds: 'minutes' in input.step ? Math.ceil(input.step.minutes * 60) : 0,
  };
};

export const step: Step<typeof Input, Needs, Shifted> = { input: Input, run };
