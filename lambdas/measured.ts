import type { Services } from './services.ts';

/** Does one step of a run and keeps how long it took in the run's record. */
export const measured = async <Result>(
  step: string,
  runId: string,
  { clock, registry }: Pick<Services, 'clock' | 'registry'>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const startedAt = clock.now();
  const result = await work();
  await registry.noteRunStep(runId, step, clock.now() - startedAt);
  return result;
};
