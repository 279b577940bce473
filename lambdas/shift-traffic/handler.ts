import * as z from 'zod';
import type { Run } from '../../lib/domain/registry/index.ts';
import type { MovedRoute } from '../../lib/registry/index.ts';
import { isMillraceError, MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { changedChampion } from '../changed-champion.ts';
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

/** A roll-out that somebody started alone has no run, and was decided by them. */
const findRun = async (runId: string, registry: Services['registry']): Promise<Run | undefined> => {
  try {
    return await registry.getRun(runId);
  } catch (error) {
    if (!isMillraceError(error, 'RUN_UNKNOWN')) throw error;
    return undefined;
  }
};

/** What a policy has let through was better than the version that served; what a person has, they answer for. */
const requireSameChampion = async (input: Input, services: Needs): Promise<void> => {
  const run = await findRun(input.runId, services.registry);
  if (run === undefined || run.approvalId !== undefined) return;
  const because = await changedChampion(run, input.version, services);
  if (because === undefined) return;
  const { model, version } = input;
  throw new MillraceError(
    'CHAMPION_CHANGED',
    `version ${version} of "${model}" goes no further: ${because}`,
    {
      model,
      version,
    },
  );
};

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
export const run = async (input: Input, services: Needs): Promise<Shifted> => {
  if (input.step.kind !== 'abort') await requireSameChampion(input, services);
  await move(input, services.registry);
  return {
    kind: input.step.kind,
    waitSeconds: 'minutes' in input.step ? Math.ceil(input.step.minutes * 60) : 0,
  };
};

export const step: Step<typeof Input, Needs, Shifted> = { input: Input, run };
