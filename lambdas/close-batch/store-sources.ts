import path from 'node:path';
import { sha256OfFile } from '../../lib/adapters/shared/sha256-of-file.ts';
import type { Arrival } from '../../lib/domain/registry/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { objectKeys, sourceExtension } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'objects' | 'registry' | 'withScratchFolder' | 'signal'>;

/** What was stored is noted at once: a try that ends in the middle of many files need not begin anew. */
const storeOne = async (
  arrival: Arrival,
  { objects, registry, withScratchFolder, signal }: Needs,
): Promise<Arrival> =>
  withScratchFolder(async (folder) => {
    const { model, key, etag } = arrival;
    const filePath = path.join(folder, 'file');
    await objects.download(key, filePath, { etag, signal });
    const sha256 = await sha256OfFile(filePath, { signal });
    await objects.putIfAbsent(
      objectKeys.source(model, sha256, sourceExtension(key)),
      { filePath },
      { signal },
    );
    const stored = { ...arrival, sha256 };
    await registry.noteContent(model, stored);
    return stored;
  });

/** What stands under the key now is another arrival; one that is gone by now is found gone at the next try. */
const noteReplacement = async (
  arrival: Arrival,
  { objects, registry }: Pick<Services, 'objects' | 'registry'>,
): Promise<void> => {
  const head = await objects.head(arrival.key);
  if (head === undefined) return;
  const { key, etag, sizeBytes, modifiedAt } = head;
  await registry.noteArrival({ model: arrival.model, key, etag, sizeBytes, modifiedAt });
};

/** `undefined` when there is nothing under the key any more. */
const storeIfThere = async (arrival: Arrival, services: Needs): Promise<Arrival | undefined> => {
  try {
    return await storeOne(arrival, services);
  } catch (error) {
    if (isMillraceError(error, 'OBJECT_NOT_FOUND')) return undefined;
    throw error;
  }
};

/**
 * Copies the arrivals as they are to their content-addressed place and gives them back with their sha256; those that
 * were taken away before they could be read come back without. `'changed'` when one was replaced since it arrived or
 * while it was read: the replacement is noted, and the batch waits for it. `'unfinished'` when time was up: those copied
 * so far are passed over the next time. Fails with the reason of the signal when the time was not enough for one file.
 */
export const storeSources = async (
  arrivals: readonly Arrival[],
  services: Needs,
): Promise<readonly Arrival[] | 'changed' | 'unfinished'> => {
  const taken: Arrival[] = [];
  let copied = 0;
  for (const arrival of arrivals) {
    try {
      services.signal?.throwIfAborted();
      const isStored = arrival.sha256 !== undefined;
      taken.push(isStored ? arrival : ((await storeIfThere(arrival, services)) ?? arrival));
      copied += isStored ? 0 : 1;
    } catch (error) {
      if (services.signal?.aborted && copied > 0) return 'unfinished';
      if (!isMillraceError(error, 'OBJECT_CHANGED')) throw error;
      await noteReplacement(arrival, services);
      return 'changed';
    }
  }
  return taken;
};
