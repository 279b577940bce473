import type { TrainingJob } from '../../ports/trainer.ts';
import { MillraceError } from '../../wire/errors.ts';

/** What every trainer of ours says when a job's time is over. */
export const trainingTimedOut = ({ runId, timeoutSeconds }: TrainingJob): MillraceError =>
  new MillraceError(
    'TRAINING_TIMED_OUT',
    `training of run ${runId} was stopped after ${timeoutSeconds} s, its time-out`,
    { runId, timeoutSeconds },
  );
