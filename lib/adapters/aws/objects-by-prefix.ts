import type { S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { MillraceError } from '../../wire/errors.ts';
import { makeS3Client } from './s3-client.ts';
import { s3ObjectStore } from './s3-object-store.ts';
import { lazily } from './sdk-errors.ts';

/**
 * Several stores as one: the first segment of a key, or of a prefix to list, says which. Throws OBJECT_KEY_INVALID for a
 * key or prefix that names none of them: an empty list would look like an empty store.
 */
export const objectsByPrefix = (stores: Readonly<Record<string, ObjectStore>>): ObjectStore => {
  const storeOf = (text: string, what: 'key' | 'prefix'): ObjectStore => {
    const [segment = ''] = text.split('/');
    const store = Object.hasOwn(stores, segment) ? stores[segment] : undefined;
    if (store !== undefined) return store;
    const expected = `expected one that begins with ${Object.keys(stores).join('/, ')}/`;
    const found = `the object ${what} ${JSON.stringify(text)} names no store, ${expected}`;
    throw new MillraceError('OBJECT_KEY_INVALID', found, { [what]: text });
  };
  return {
    putIfAbsent: async (key, body, options) => storeOf(key, 'key').putIfAbsent(key, body, options),
    get: async (key) => storeOf(key, 'key').get(key),
    download: async (key, filePath, options) => storeOf(key, 'key').download(key, filePath, options),
    head: async (key) => storeOf(key, 'key').head(key),
    list: async (prefix, page) => storeOf(prefix, 'prefix').list(prefix, page),
  };
};

/** Every object of a stage: three buckets behind one store, with one client. */
export const cloudObjectStore = (options: {
  readonly dataBucket: string;
  readonly artifactBucket: string;
  readonly captureBucket: string;
  /** @default - one for the process's credentials and region, made at the first request */
  readonly client?: S3Client;
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
}): ObjectStore => {
  const client = lazily(options.client, makeS3Client);
  const storeOf = (bucket: string) =>
    s3ObjectStore({ bucket, client, ...(options.clock && { clock: options.clock }) });
  const [data, artifacts] = [storeOf(options.dataBucket), storeOf(options.artifactBucket)];
  const captures = storeOf(options.captureBucket);
  return objectsByPrefix({
    incoming: data,
    sources: data,
    datasets: data,
    quarantine: data,
    labels: data,
    runs: artifacts,
    models: artifacts,
    golden: artifacts,
    windows: artifacts,
    captured: captures,
    labelled: captures,
  });
};
