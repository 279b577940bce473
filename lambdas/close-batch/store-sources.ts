import path from 'node:path';
import { sha256OfFile } from '../../lib/adapters/shared/sha256-of-file.ts';
import type { Arrival } from '../../lib/domain/registry/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { objectKeys, sourceExtension } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';

const storeOne = async (
  arrival: Arrival,
  { objects, withScratchFolder }: Pick<Services, 'objects' | 'withScratchFolder'>,
): Promise<Arrival> =>
  withScratchFolder(async (folder) => {
    const filePath = path.join(folder, 'file');
    await objects.download(arrival.key, filePath, { etag: arrival.etag });
    const sha256 = await sha256OfFile(filePath);
    await objects.putIfAbsent(objectKeys.source(arrival.model, sha256, sourceExtension(arrival.key)), {
      filePath,
    });
    return { ...arrival, sha256 };
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
const storeIfThere = async (
  arrival: Arrival,
  services: Pick<Services, 'objects' | 'withScratchFolder'>,
): Promise<Arrival | undefined> => {
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
 * while it was read: the replacement is noted, and the batch waits for it.
 */
export const storeSources = async (
  arrivals: readonly Arrival[],
  services: Pick<Services, 'objects' | 'registry' | 'withScratchFolder'>,
): Promise<readonly Arrival[] | 'changed'> => {
  const taken: Arrival[] = [];
  for (const arrival of arrivals) {
    try {
      taken.push((await storeIfThere(arrival, services)) ?? arrival);
    } catch (error) {
      if (!isMillraceError(error, 'OBJECT_CHANGED')) throw error;
      await noteReplacement(arrival, services);
      return 'changed';
    }
  }
  return taken;
};
