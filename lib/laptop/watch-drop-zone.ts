import { isDoneMark } from '../../lambdas/done-mark.ts';
import { headsUnder } from '../../lambdas/objects-under.ts';
import { run as receiveObject } from '../../lambdas/receive-object/handler.ts';
import type { ObjectHead } from '../ports/object-store.ts';
import type { Laptop } from './open-laptop.ts';

type Needs = Pick<Laptop, 'objects' | 'registry' | 'workflow' | 'notifier' | 'clock'>;

/** Specs come first: data that arrives with its model.json finds it applied. Marks come last: what they close is there. */
const rankOf = ({ key }: ObjectHead): number =>
  key.endsWith('/model.json') ? 0 : isDoneMark({ key }) ? 2 : 1;

/** Every object in the drop zone, late labels included, in the order to tell of them. */
const listDropZone = async (services: Pick<Needs, 'objects'>): Promise<readonly ObjectHead[]> => {
  const found = [...(await headsUnder('incoming/', services)), ...(await headsUnder('labels/', services))];
  return found.toSorted((a, b) => rankOf(a) - rankOf(b));
};

/**
 * Looks at the drop zone again and again and tells of every content of every key, as S3's events do in the cloud: at
 * least once. Looking rather than listening misses nothing that came while nobody ran.
 */
export const watchDropZone = (
  services: Needs,
  options: { readonly everyMs: number; readonly onFault: (fault: unknown) => void },
) => {
  /** By key, the content that was told of, and the content that could not be. */
  const told = new Map<string, string>();
  const failed = new Map<string, string>();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  /** Tries again at the next look what failed; the fault of one file hides no other, and is told once. */
  const tell = async (head: ObjectHead): Promise<void> => {
    try {
      await receiveObject(head, services);
      told.set(head.key, head.etag);
      failed.delete(head.key);
    } catch (fault) {
      if (failed.get(head.key) !== head.etag) options.onFault(fault);
      failed.set(head.key, head.etag);
    }
  };

  const look = async (): Promise<void> => {
    for (const head of await listDropZone(services)) {
      if (isStopped) return;
      if (told.get(head.key) !== head.etag) await tell(head);
    }
  };

  const lookAgain = async (): Promise<void> => {
    if (isStopped) return;
    await look().catch(options.onFault);
    if (!isStopped) timer = setTimeout(() => (looking = lookAgain()), options.everyMs);
  };
  let looking = lookAgain();

  return {
    /** Looks without waiting for the next time; resolves when that look is over. */
    lookNow: (): Promise<void> => {
      clearTimeout(timer);
      looking = looking.then(() => {
        clearTimeout(timer);
        return lookAgain();
      });
      return looking;
    },
    /** Resolves when the look under way is over. */
    stop: async (): Promise<void> => {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
};
