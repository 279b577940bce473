import type { Lease } from '../../lib/domain/retraining/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';
import { findRun } from './find-run.ts';

type Needs = Pick<Services, 'registry' | 'workflow'>;

/**
 * Starts the run that was decided on, unless it has been: record, execution, then the note of the execution. Whoever
 * dies in between leaves it to the next who looks, and all of them start one and the same.
 */
export const startDecided = async (lease: Lease, services: Needs): Promise<void> => {
  const { registry, workflow } = services;
  const { runId, model, batchId, otherBatchIds, specRevision, trigger } = lease;
  const known = await findRun(runId, registry);
  if (known !== undefined && (known.status !== 'running' || known.executionId !== undefined)) return;
  await registry.startRun({
    runId,
    model,
    batchId,
    ...(otherBatchIds && { otherBatchIds }),
    specRevision,
    trigger,
  });
  const input = { model, runId, isBrought: false };
  try {
    const { executionId } = await workflow.start({ machine: 'train-and-promote', name: runId, input });
    await registry.noteRun(runId, { executionId });
  } catch (error) {
    if (!isMillraceError(error, 'EXECUTION_NAME_TAKEN')) throw error;
    // It will never start: thrown each time, it would keep the model from ever being retrained.
    await registry.finishRun({
      runId,
      status: 'failed',
      outcome: `EXECUTION_NAME_TAKEN: ${error.message}`,
      errorCode: 'EXECUTION_NAME_TAKEN',
    });
  }
};
