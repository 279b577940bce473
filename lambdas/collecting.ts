import { createHash } from 'node:crypto';
import { isDoneMark } from './done-mark.ts';
import type { Services } from './services.ts';

/**
 * Sees to it that the open batch of a model is being collected, once: the execution is named after the batch's first
 * file, so that every file of the batch, and an event delivered twice, asks for the same one. A mark that the batch is
 * complete starts its own: it need not sit out the quiet period, which the other one may be doing. After a collection
 * that failed, the next arrival starts another under the next name. Does nothing when no file waits or nobody has
 * described the model yet: the files wait for their model.json.
 */
export const startCollecting = async (
  model: string,
  { registry, workflow }: Pick<Services, 'registry' | 'workflow'>,
): Promise<void> => {
  const pending = await registry.pendingArrivals(model);
  const namesake = pending.find(isDoneMark) ?? pending[0];
  if (namesake === undefined || (await registry.findSpec(model)) === undefined) return;
  const batchId = batchIdOf(namesake);
  const name = `collect-${digestOf(model)}-${batchId}`;
  for (let attempt = 1; ; attempt += 1) {
    const { executionId, started } = await workflow.start({
      machine: 'collect-batch',
      name: attempt === 1 ? name : `${name}-${attempt}`,
      input: { model, batchId },
    });
    if (started || (await workflow.describe(executionId)).status === 'RUNNING') return;
  }
};

/** 10 hexadecimal digits: names of executions have 80 characters at most, names of models alone may have 63. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);

/** Sortable by time, and the same for every file that joins the batch. */
const batchIdOf = (file: {
  readonly arrivedAt: string;
  readonly key: string;
  readonly etag: string;
}): string => `${file.arrivedAt.replace(/\D/g, '').slice(0, 17)}-${digestOf(`${file.key}#${file.etag}`)}`;
