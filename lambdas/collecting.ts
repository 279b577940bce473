import type { Arrival } from '../lib/domain/registry/index.ts';
import { isDoneMark } from './done-mark.ts';
import { nameDigest } from './name-digest.ts';
import type { Services } from './services.ts';

type Needs = Pick<Services, 'registry' | 'workflow'>;

/** Marks first, then oldest first; a file may be in the list and at hand. */
const inOrder = (arrivals: readonly Arrival[]): readonly Arrival[] =>
  arrivals.toSorted(
    (a, b) =>
      Number(isDoneMark(b)) - Number(isDoneMark(a)) ||
      (`${a.arrivedAt}#${a.key}` < `${b.arrivedAt}#${b.key}` ? -1 : 1),
  );

/** What the batch is named after: the first file that no batch has taken, whatever the list still says. */
const namesakeOf = async (
  model: string,
  noted: Arrival | undefined,
  { registry }: Pick<Needs, 'registry'>,
): Promise<Arrival | undefined> => {
  const listed = await registry.pendingArrivals(model);
  for (const arrival of inOrder(noted === undefined ? listed : [...listed, noted]))
    if (await registry.isPending(model, arrival)) return arrival;
  return undefined;
};

/**
 * Sees to it that the open batch of a model is being collected, once: the execution is named after the batch's first
 * file, so that every file of the batch, and an event delivered twice, asks for the same one. A mark that the batch is
 * complete starts its own: it need not sit out the quiet period, which the other one may be doing. After a collection
 * that failed, the next arrival starts another under the next name. Does nothing when no file waits or nobody has
 * described the model yet: the files wait for their model.json. Whoever has just noted a file passes it along: the list of
 * those that wait may not show it yet.
 */
export const startCollecting = async (
  model: string,
  { registry, workflow }: Needs,
  noted?: Arrival,
): Promise<void> => {
  const namesake = await namesakeOf(model, noted, { registry });
  if (namesake === undefined || (await registry.findSpec(model)) === undefined) return;
  const batchId = batchIdOf(namesake);
  const name = `collect-${nameDigest(model)}-${batchId}`;
  for (let attempt = 1; ; attempt += 1) {
    const { executionId, started } = await workflow.start({
      machine: 'collect-batch',
      name: attempt === 1 ? name : `${name}-${attempt}`,
      input: { model, batchId },
    });
    if (started || (await workflow.describe(executionId)).status === 'RUNNING') return;
  }
};

/** Sortable by time, and the same for every file that joins the batch. */
const batchIdOf = (file: {
  readonly arrivedAt: string;
  readonly key: string;
  readonly etag: string;
}): string => `${file.arrivedAt.replace(/\D/g, '').slice(0, 17)}-${nameDigest(`${file.key}#${file.etag}`)}`;
