import { startCollecting } from '../collecting.ts';
import { answerForgotten } from '../decide-approval/handler.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'registry' | 'workflow' | 'clock'>;

/**
 * For so long a batch that dies is begun again, once an hour: what stood in its way is over by then, or it is the files, and
 * people have been told. After that the next file to arrive begins it.
 */
const collectedForMs = 24 * 3_600_000;

const collectForgotten = async (model: string, services: Needs): Promise<void> => {
  const { registry, clock } = services;
  const oldest = clock.now() - collectedForMs;
  const pending = await registry.pendingArrivals(model);
  if (pending.some(({ arrivedAt }) => Date.parse(arrivedAt) > oldest)) await startCollecting(model, services);
};

/**
 * Does what was left undone by whoever died over it: decisions that their run was never told, and files no batch is being
 * made of. Twice is as good as once. Gives the faults: none of them keeps the rest from being done.
 */
export const tidyUp = async (models: readonly string[], services: Needs): Promise<readonly unknown[]> => {
  const works = [
    () => answerForgotten(services),
    ...models.map((model) => () => collectForgotten(model, services)),
  ];
  const faults: unknown[] = [];
  for (const work of works) await work().catch((fault: unknown) => faults.push(fault));
  return faults;
};
