import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectHead } from '../../ports/object-store.ts';
import { objectChanged, objectNotFound } from '../shared/object-key.ts';
import { isNamed, statusOf } from './sdk-errors.ts';

/** A connection that breaks is taken up where it broke, at most this many times. */
const maxResumptions = 5;

/** What S3 answers about an object, as the port tells it. */
export const headFrom = (
  key: string,
  output: Pick<GetObjectCommandOutput, 'ContentLength' | 'ETag' | 'LastModified'>,
): ObjectHead => ({
  key,
  sizeBytes: output.ContentLength ?? 0,
  etag: output.ETag ?? '',
  modifiedAt: (output.LastModified ?? new Date(0)).toISOString(),
});

/** Opens an object for reading, from byte `start` on; with `etag`, only while it is the one named. */
export const openObject = async (
  client: S3Client,
  request: {
    readonly bucket: string;
    readonly key: string;
    readonly etag?: string | undefined;
    readonly start: number;
    readonly signal?: AbortSignal | undefined;
  },
) => {
  const { bucket, key, etag, start, signal } = request;
  const condition = etag === undefined ? {} : { IfMatch: etag };
  const range = start === 0 ? {} : { Range: `bytes=${start}-` };
  try {
    const output = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...condition, ...range }),
      signal && { abortSignal: signal },
    );
    if (!(output.Body instanceof Readable)) throw new Error(`S3 gave no stream for ${key}`);
    return { head: headFrom(key, output), stream: output.Body };
  } catch (error) {
    signal?.throwIfAborted();
    if (isNamed(error, 'NoSuchKey', 'NotFound')) throw objectNotFound(key, error);
    if (statusOf(error) === 412) throw objectChanged(key, error);
    throw error;
  }
};

/** True for an error of the local disk, which another request does not mend. */
const isOfDisk = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && ['open', 'write', 'close'].includes(String(error.syscall));

/** The whole object in memory; read anew when the connection breaks. */
export const readWhole = async (
  client: S3Client,
  request: { readonly bucket: string; readonly key: string },
): Promise<Uint8Array> => {
  for (let resumptions = 0; ; resumptions += 1) {
    const { stream } = await openObject(client, { ...request, start: 0 });
    try {
      return Buffer.concat(await stream.toArray());
    } catch (error) {
      if (resumptions === maxResumptions) throw error;
    }
  }
};

/** Streams an object to a new file. The etag of the first answer holds for all that follow, so no mixture arises. */
export const downloadTo = async (
  client: S3Client,
  request: {
    readonly bucket: string;
    readonly key: string;
    readonly etag?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  },
  filePath: string,
): Promise<ObjectHead> => {
  const first = await openObject(client, { ...request, start: 0 });
  const { head } = first;
  const { signal } = request;
  let { stream } = first;
  for (let resumptions = 0; ; resumptions += 1) {
    try {
      await pipeline(stream, createWriteStream(filePath, { flags: 'a' }), { signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (isOfDisk(error) || resumptions === maxResumptions) throw error;
    }
    const start = (await stat(filePath)).size;
    if (start === head.sizeBytes) return head;
    if (resumptions === maxResumptions)
      throw new Error(`S3 gave ${start} of ${head.sizeBytes} bytes of ${request.key}`);
    stream = (await openObject(client, { ...request, etag: head.etag, start })).stream;
  }
};
