import { run as decideRetraining } from '../../lambdas/decide-retraining/handler.ts';
import { run as watchModels } from '../../lambdas/watch-models/handler.ts';
import type { Laptop } from './open-laptop.ts';

/** An approval is stuck after a day, as in a stage whose settings say nothing else. */
const stuckAfterHours = 24;

type Needs = Parameters<typeof decideRetraining>[1] &
  Omit<Parameters<typeof watchModels>[1], 'stuckAfterHours' | 'lookEveryHours'>;

/** Looks once at what models answered, then at what that means: what schedules do in the cloud. */
export const watchAndDecideOnce = async (laptop: Needs): Promise<void> => {
  await watchModels({}, { ...laptop, stuckAfterHours });
  await decideRetraining({}, laptop);
};

/** Looks again and again, the first time when `everyMs` have passed: starting is not kept waiting. */
export const watchAndDecide = (
  laptop: Pick<Laptop, keyof Needs>,
  options: { readonly everyMs: number; readonly onFault: (fault: unknown) => void },
) => {
  const { everyMs, onFault } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  const lookAgain = async (): Promise<void> => {
    while (!signal.aborted) {
      await laptop.clock.sleep(everyMs, signal);
      await watchAndDecideOnce({ ...laptop, signal });
    }
  };
  const looking = (async () => {
    while (!signal.aborted)
      await lookAgain().catch((fault: unknown) => {
        if (!signal.aborted) onFault(fault);
      });
  })();

  let deciding: Promise<unknown> = Promise.resolve();
  const decideNow = async (): Promise<void> => {
    if (!signal.aborted) await decideRetraining({}, laptop);
  };

  return {
    /** A run has ended: what had to wait for it need not wait for the next look. */
    wake: (): void => {
      deciding = deciding.then(decideNow).catch((fault: unknown) => {
        if (!signal.aborted) onFault(fault);
      });
    },
    /** Resolves when the look under way is over. */
    stop: async (): Promise<void> => {
      stopping.abort(new Error('the laptop is being stopped'));
      await Promise.all([looking, deciding]);
    },
  };
};
