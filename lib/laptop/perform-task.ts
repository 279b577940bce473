import * as z from 'zod';
import { step as adoptModel } from '../../lambdas/adopt-model/handler.ts';
import { step as checkHealth } from '../../lambdas/check-health/handler.ts';
import { step as checkParity } from '../../lambdas/check-parity/handler.ts';
import { step as closeBatch } from '../../lambdas/close-batch/handler.ts';
import { step as collectTrainingJob } from '../../lambdas/collect-training-job/handler.ts';
import { step as evaluateModel } from '../../lambdas/evaluate-model/handler.ts';
import { step as finishRun } from '../../lambdas/finish-run/handler.ts';
import { step as planTraining } from '../../lambdas/plan-training/handler.ts';
import { step as prepareDataset } from '../../lambdas/prepare-dataset/handler.ts';
import { step as registerVersion } from '../../lambdas/register-version/handler.ts';
import { step as requestApproval } from '../../lambdas/request-approval/handler.ts';
import type { Services } from '../../lambdas/services.ts';
import { step as shiftTraffic } from '../../lambdas/shift-traffic/handler.ts';
import { step as trainModel } from '../../lambdas/train-model/handler.ts';
import { MillraceError } from '../wire/errors.ts';
import { runStep, type Step } from '../wire/house.ts';

type AnyStep = (payload: unknown, services: Services) => Promise<unknown>;

const callable =
  <Input extends z.ZodType, Output>(step: Step<Input, Services, Output>): AnyStep =>
  (payload, services) =>
    runStep(step, payload, services);

/** Every function the state machines call, by its folder's name. */
const functions: Readonly<Record<string, AnyStep>> = {
  'adopt-model': callable(adoptModel),
  'check-health': callable(checkHealth),
  'check-parity': callable(checkParity),
  'close-batch': callable(closeBatch),
  'collect-training-job': callable(collectTrainingJob),
  'evaluate-model': callable(evaluateModel),
  'finish-run': callable(finishRun),
  'plan-training': callable(planTraining),
  'prepare-dataset': callable(prepareDataset),
  'register-version': callable(registerVersion),
  'request-approval': callable(requestApproval),
  'shift-traffic': callable(shiftTraffic),
  'train-model': callable(trainModel),
};

const Invocation = z.object({ FunctionName: z.string(), Payload: z.unknown() });

export interface TaskEvent {
  readonly task: string;
  readonly phase: 'started' | 'finished' | 'failed';
  readonly milliseconds?: number;
  readonly model?: string;
}

const Addressed = z.object({ model: z.string() });

/** Performs what a state machine asks of Lambda by calling the same handler in this process, as Lambda would answer it; the signal stops long work. */
export const performTask =
  (services: Services, onTask: (event: TaskEvent) => void) =>
  async (
    { resource, arguments: given }: { readonly resource: string; readonly arguments: unknown },
    { signal }: { readonly signal: AbortSignal },
  ): Promise<unknown> => {
    if (!resource.startsWith('arn:aws:states:::lambda:invoke'))
      throw new MillraceError('STATE_MACHINE_INVALID', `nothing on a laptop performs "${resource}"`, {
        resource,
      });
    const { FunctionName: task, Payload: payload } = Invocation.parse(given);
    const perform = functions[task];
    if (perform === undefined)
      throw new MillraceError('STATE_MACHINE_INVALID', `there is no function "${task}"`, { task });
    const addressed = Addressed.safeParse(payload);
    const about = { task, ...(addressed.success && { model: addressed.data.model }) };
    const startedAt = services.clock.now();
    onTask({ ...about, phase: 'started' });
    try {
      const result = await perform(payload, { ...services, signal });
      onTask({ ...about, phase: 'finished', milliseconds: services.clock.now() - startedAt });
      return { StatusCode: 200, Payload: result ?? null };
    } catch (error) {
      onTask({ ...about, phase: 'failed', milliseconds: services.clock.now() - startedAt });
      throw error;
    }
  };
