import type { ObjectHead } from '../../lib/ports/object-store.ts';
import type { NewArrival } from '../../lib/registry/index.ts';
import type { Services } from '../services.ts';

/** EventBridge delivers for 24 hours; what is older than that was told of, or lies in the dead-letter queue. */
const lookBackMs = 25 * 3_600_000;

/** How many files are noted at once. */
const atOnce = 16;

const isFile = ({ key }: ObjectHead) => !/\/$|\/\.|\/model\.json$/.test(key);

/**
 * Notes what stands beside a mark by the time the mark is there, whether or not its own event has come: a mark says that
 * everything before it belongs to the batch. Lists of objects lag behind nothing.
 */
export const noteFolderOf = async (
  mark: Pick<NewArrival, 'model' | 'key' | 'modifiedAt'>,
  { objects, registry }: Pick<Services, 'objects' | 'registry'>,
): Promise<void> => {
  const folder = mark.key.slice(0, mark.key.lastIndexOf('/') + 1);
  const sinceMs = mark.modifiedAt === undefined ? 0 : Date.parse(mark.modifiedAt) - lookBackMs;
  const isOfBatch = (head: ObjectHead) => isFile(head) && Date.parse(head.modifiedAt) >= sinceMs;
  for (let cursor: string | undefined; ; ) {
    const page = await objects.list(folder, cursor === undefined ? {} : { cursor });
    const heads = page.objects.filter((head) => head.key !== mark.key && isOfBatch(head));
    for (let at = 0; at < heads.length; at += atOnce)
      await Promise.all(
        heads
          .slice(at, at + atOnce)
          .map(({ key, etag, sizeBytes, modifiedAt }) =>
            registry.noteArrival({ model: mark.model, key, etag, sizeBytes, modifiedAt }),
          ),
      );
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
};
