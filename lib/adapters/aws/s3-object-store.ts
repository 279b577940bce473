import { randomUUID } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import {
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
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
import { makeS3Client } from './s3-client.ts';
import { downloadTo, headFrom, readWhole } from './s3-download.ts';
import { sendingFile } from './s3-file-stream.ts';
import { defaultMultipartSizes, type MultipartSizes, uploadInParts } from './s3-multipart.ts';
import { isNamed, lazily, retrying, statusOf } from './sdk-errors.ts';

/** Names the writer in the object's metadata, see `putIfAbsent`. */
const writerKey = 'millrace-writer';

/** 409: another conditional write of the key was under way, https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const isConflict = (error: unknown) => statusOf(error) === 409;

/** Trouble that passes. The SDK does not try again with a stream as body, because it cannot rewind it; we can. */
const isPassing = (error: unknown) => {
  if (error instanceof Error && 'syscall' in error && error.syscall === 'open') return false;
  const status = statusOf(error);
  return isConflict(error) || status === undefined || status === 429 || status >= 500;
};

type Signal = AbortSignal | undefined;

/** What was told to stop is not tried again. */
const passingUntil = (signal: Signal) => (error: unknown) => !signal?.aborted && isPassing(error);

interface FileToSend {
  readonly filePath: string;
  readonly sizeBytes: number;
}

/** The file of a body that is one and too large for a single request; S3 takes up to 5 GB in one. */
const largeFile = async (body: ObjectBody, thresholdBytes: number): Promise<FileToSend | undefined> => {
  if (typeof body === 'string' || body instanceof Uint8Array) return undefined;
  const { size } = await stat(body.filePath);
  return size > thresholdBytes ? { filePath: body.filePath, sizeBytes: size } : undefined;
};

/** Objects in an S3 bucket, of any size S3 holds: files over 100 MiB go up in parts. */
export const s3ObjectStore = (options: {
  readonly bucket: string;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: S3Client | (() => S3Client);
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
  /** @default - from 100 MiB on, in parts of 64 MiB */
  readonly multipart?: MultipartSizes;
}): ObjectStore => {
  const { bucket, clock = systemClock, multipart = defaultMultipartSizes } = options;
  const client = lazily(options.client, makeS3Client);

  const headOutput = async (key: string): Promise<HeadObjectCommandOutput | undefined> => {
    checkObjectKey(key);
    try {
      return await client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      if (isNamed(error, 'NotFound', 'NoSuchKey')) return undefined;
      throw error;
    }
  };

  /** One request; a file is opened anew for each try. */
  const putWhole = async (
    key: string,
    body: ObjectBody,
    { metadata, signal }: { readonly metadata: Record<string, string>; readonly signal?: Signal },
  ) => {
    const to = { Bucket: bucket, Key: key, IfNoneMatch: '*', Metadata: metadata };
    if (typeof body === 'string' || body instanceof Uint8Array) {
      const Body = typeof body === 'string' ? Buffer.from(body) : body;
      await retrying(clock, isConflict, () => client().send(new PutObjectCommand({ ...to, Body })));
      return;
    }
    const { size: ContentLength } = await stat(body.filePath);
    await retrying(clock, passingUntil(signal), () =>
      sendingFile(body.filePath, { signal }, (Body, abortSignal) =>
        client().send(new PutObjectCommand({ ...to, Body, ContentLength }), { abortSignal }),
      ),
    );
  };

  /** A conflict means that another writer is at it: an upload is begun anew only while the key is still free. */
  const putInParts = async (
    key: string,
    file: FileToSend,
    { metadata, signal }: { readonly metadata: Record<string, string>; readonly signal?: Signal },
  ) => {
    let isFirst = true;
    await retrying(clock, isConflict, async () => {
      if (!isFirst && (await headOutput(key)) !== undefined) return;
      isFirst = false;
      await uploadInParts({
        client: client(),
        bucket,
        key,
        metadata,
        ...file,
        partBytes: multipart.partBytes,
        signal,
        retrying: (action) => retrying(clock, passingUntil(signal), action),
      });
    });
  };

  /** True when this request wrote the object, false when the key was taken, or when only the object can tell. */
  const put = async (key: string, body: ObjectBody, writer: string, signal: Signal): Promise<boolean> => {
    const how = { metadata: { [writerKey]: writer }, signal };
    const large = await largeFile(body, multipart.thresholdBytes);
    try {
      if (large === undefined) await putWhole(key, body, how);
      else await putInParts(key, large, how);
      return large === undefined;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      // The answer to the completion was lost, and the upload is gone because it is complete.
      if (isNamed(error, 'NoSuchUpload') && (await headOutput(key)) !== undefined) return false;
      throw error;
    }
  };

  /**
   * A put whose answer is lost is sent again and then finds its own object there. The writer named in the metadata
   * tells that from another's, so that one of several racing writers is always told that it created the object.
   */
  const putIfAbsent: ObjectStore['putIfAbsent'] = async (key, body, { signal } = {}) => {
    checkObjectKey(key);
    const writer = randomUUID();
    const isWritten = await put(key, body, writer, signal);
    const output = await headOutput(key);
    if (output === undefined) throw objectNotFound(key);
    return { created: isWritten || output.Metadata?.[writerKey] === writer, head: headFrom(key, output) };
  };

  const get: ObjectStore['get'] = async (key) => {
    checkObjectKey(key);
    return await readWhole(client(), { bucket, key });
  };

  const download: ObjectStore['download'] = async (key, filePath, { etag, signal } = {}) => {
    checkObjectKey(key);
    const partial = `${filePath}.${randomUUID()}.partial`;
    const copy = async () => {
      const head = await downloadTo(client(), { bucket, key, etag, signal }, partial);
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
