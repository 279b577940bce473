import * as z from 'zod';
import { type Run, runEnds } from '../../lib/domain/registry/index.ts';
import type { Notification } from '../../lib/ports/notifier.ts';
import type { Step } from '../../lib/wire/house.ts';
import { readableFailure } from '../readable-failure.ts';
import { Reasons } from '../reasons.ts';
import type { Services } from '../services.ts';
import { freezeFirstGoldenSet } from './freeze-first-golden-set.ts';

const Input = z.object({ model: z.string(), runId: z.string(), status: z.enum(runEnds), because: Reasons });
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'notifier'>;

const kinds: Readonly<Record<Input['status'], Notification['kind']>> = {
  succeeded: 'rolled-out',
  rejected: 'run-finished',
  refused: 'data-refused',
  failed: 'run-failed',
};

/** Its data was accepted: what was refused is the model trained elsewhere. */
const isModelRefused = ({ trigger, datasetVersion }: Run): boolean =>
  trigger.kind === 'imported-model' && datasetVersion !== undefined;

const subjectOf = (run: Run): string => {
  const version = run.modelVersion === undefined ? '' : ` version ${run.modelVersion}`;
  if (run.status === 'succeeded') return `${run.model}${version} is serving`;
  if (run.status === 'refused')
    return isModelRefused(run)
      ? `The model dropped for ${run.model} was refused`
      : `The data of ${run.model} was refused`;
  return `The run of ${run.model}${version} ${run.status === 'failed' ? 'failed' : 'ended without a new champion'}`;
};

/** An error arrives as `CODE: what happened`. */
const errorCodeOf = (outcome: string): string | undefined => /^([A-Z][A-Za-z_.]+): /.exec(outcome)?.[1];

/** Ends the run's record with the reason and tells the people. */
export const endRecord = async (
  input: Input,
  { registry, notifier }: Pick<Needs, 'registry' | 'notifier'>,
): Promise<{ readonly status: Run['status'] }> => {
  const because = input.status === 'failed' ? input.because.map(readableFailure) : input.because;
  const outcome = because.join('; ') || input.status;
  const errorCode = input.status === 'failed' ? errorCodeOf(outcome) : undefined;
  const ended = await registry.finishRun({
    runId: input.runId,
    status: input.status,
    outcome,
    ...(errorCode !== undefined && { errorCode }),
  });
  // Ended without a decision: the question must not stay open.
  if (ended.approvalId !== undefined) await registry.expireApproval(ended.approvalId);
  await notifier.notify({
    id: `run-${input.runId}`,
    kind: kinds[input.status],
    model: input.model,
    subject: subjectOf(ended),
    text: ended.outcome ?? outcome,
  });
  return { status: ended.status };
};

/** Ends a run; one that put the first version into service leaves the model a golden set. */
export const run = async (input: Input, services: Needs): Promise<{ readonly status: Run['status'] }> => {
  if (input.status === 'succeeded') await freezeFirstGoldenSet(input, services);
  return endRecord(input, services);
};

export const step: Step<typeof Input, Needs, { readonly status: Run['status'] }> = { input: Input, run };
