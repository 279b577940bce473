import { objectKeyFault } from '../../lib/adapters/shared/object-key.ts';
import { ObjectCreated } from '../../lib/wire/events.ts';
import type { Step } from '../../lib/wire/house.ts';
import type { Services } from '../services.ts';
import { type Received, run as receive } from './handler.ts';

type Needs = Pick<Services, 'objects' | 'registry' | 'workflow' | 'notifier' | 'clock' | 'listsLagMs'>;

/**
 * Looks at what stands under the key now, whatever the event said of it: events come twice, late and out of order, and
 * only the first look at each drop does anything.
 */
export const run = async ({ detail }: ObjectCreated, services: Needs): Promise<Received> => {
  const { key } = detail.object;
  if (objectKeyFault(key) !== undefined) return receive({ key, etag: '', sizeBytes: 0 }, services);
  const head = await services.objects.head(key);
  return head === undefined ? { outcome: 'gone' } : receive(head, services);
};

export const step: Step<typeof ObjectCreated, Needs, Received> = { input: ObjectCreated, run };
