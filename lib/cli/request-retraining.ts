import { run as decideRetraining } from '../../lambdas/decide-retraining/handler.ts';
import { MillraceError } from '../wire/errors.ts';
import type { RetrainAnswer, RetrainRequest } from './surroundings.ts';

/** Tells the controller what a person wants, and gives what it decided. Throws MODEL_UNKNOWN. */
export const requestRetraining = async (
  request: RetrainRequest,
  services: Parameters<typeof decideRetraining>[1],
): Promise<RetrainAnswer> => {
  const { decisions } = await decideRetraining({ ...request }, services);
  const [decided] = decisions;
  if (decided === undefined)
    throw new MillraceError('MODEL_UNKNOWN', `nothing was decided about "${request.model}"`);
  return decided;
};
