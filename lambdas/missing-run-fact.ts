import { MillraceError } from '../lib/wire/errors.ts';

/** For a step that needs what an earlier step should have noted. */
export const missingRunFact = (runId: string, fact: string): never => {
  throw new MillraceError('RUN_INCOMPLETE', `run ${runId} has no ${fact} yet`, { runId, fact });
};
