import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import {
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectBody, ObjectStore } from '../../ports/object-store.ts';
import { systemClock } from '../local/system-clock.ts';
import { writingTo } from '../shared/disk-full.ts';
import {
  checkedPage,
  checkObjectKey,
  cursorAfter,
  objectKeyFault,
  objectNotFound,
} from '../shared/object-key.ts';
import { downloadTo, headFrom, readWhole } from './s3-download.ts';
import { clientDefaults, isNamed, retrying, statusOf } from './sdk-errors.ts';

/** Names the writer in the object's metadata, see `putIfAbsent`. */
const writerKey = 'millrace-writer';

/** 409: another conditional write of the key was under way, https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const isConflict = (error: unknown) => statusOf(error) === 409;

/** Trouble that passes. The SDK does not try again with a stream as body, because it cannot rewind it; we can. */
const isPassing = (error: unknown) => {
  const status = statusOf(error);
  return isConflict(error) || status === undefined || status === 429 || status >= 500;
};

/** Bytes to send, made afresh for each try. S3 takes up to 5 GB in one request. */
const payloadOf = async (body: ObjectBody) => {
  if (typeof body === 'string') return { Body: Buffer.from(body) };
  if (body instanceof Uint8Array) return { Body: body };
  const { size } = await stat(body.filePath);
  return { Body: createReadStream(body.filePath), ContentLength: size };
};

/** Objects in an S3 bucket. */
export const s3ObjectStore = (options: {
  readonly bucket: string;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: S3Client;
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
}): ObjectStore => {
  const { bucket, clock = systemClock } = options;
  let made = options.client;
  const client = (): S3Client => {
    made ??= new S3Client(clientDefaults);
    return made;
  };

  const headOutput = async (key: string): Promise<HeadObjectCommandOutput | undefined> => {
    checkObjectKey(key);
    try {
      return await client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      if (isNamed(error, 'NotFound', 'NoSuchKey')) return undefined;
      throw error;
    }
  };

  /** True when this request wrote the object, false when the key was taken. */
  const put = async (key: string, body: ObjectBody, writer: string): Promise<boolean> => {
    const isStream = typeof body === 'object' && 'filePath' in body;
    try {
      await retrying(clock, isStream ? isPassing : isConflict, async () => {
        const to = { Bucket: bucket, Key: key, IfNoneMatch: '*', Metadata: { [writerKey]: writer } };
        await client().send(new PutObjectCommand({ ...to, ...(await payloadOf(body)) }));
      });
      return true;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      throw error;
    }
  };

  /**
   * A put whose answer is lost is sent again and then finds its own object there. The writer named in the metadata
   * tells that from another's, so that one of several racing writers is always told that it created the object.
   */
  const putIfAbsent: ObjectStore['putIfAbsent'] = async (key, body) => {
    checkObjectKey(key);
    const writer = randomUUID();
    const isWritten = await put(key, body, writer);
    const output = await headOutput(key);
    if (output === undefined) throw objectNotFound(key);
    return { created: isWritten || output.Metadata?.[writerKey] === writer, head: headFrom(key, output) };
  };

  const get: ObjectStore['get'] = async (key) => {
    checkObjectKey(key);
    return await readWhole(client(), { bucket, key });
  };

  const download: ObjectStore['download'] = async (key, filePath, { etag } = {}) => {
    checkObjectKey(key);
    const partial = `${filePath}.${randomUUID()}.partial`;
    const copy = async () => {
      const head = await downloadTo(client(), { bucket, key, etag }, partial);
      await rename(partial, filePath);
      return head;
    };
    return await writingTo(filePath, copy, () => rm(partial, { force: true }));
  };

  const head: ObjectStore['head'] = async (key) => {
    const output = await headOutput(key);
    return output === undefined ? undefined : headFrom(key, output);
  };

  /** Keys that are none of ours (the "folders" the S3 console makes end in a slash) are passed over. */
  const list: ObjectStore['list'] = async (prefix, page) => {
    const { limit, after } = checkedPage(page);
    const from = after === undefined ? {} : { StartAfter: after };
    const output = await client().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: limit, ...from }),
    );
    const found = (output.Contents ?? []).map(({ Key = '', Size, ...rest }) =>
      headFrom(Key, { ...rest, ContentLength: Size }),
    );
    const objects = found.filter((object) => objectKeyFault(object.key) === undefined);
    const last = found.at(-1);
    return output.IsTruncated && last !== undefined
      ? { objects, cursor: cursorAfter(last.key) }
      : { objects };
  };

  return { putIfAbsent, get, download, head, list };
};
