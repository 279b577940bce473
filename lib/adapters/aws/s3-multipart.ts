import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { sendingFile } from './s3-file-stream.ts';

const mebibyte = 1024 * 1024;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const maxParts = 10_000;
const ChecksumAlgorithm = 'CRC32';
/** Streams from the disk: memory does not grow with it, but a broken connection costs more. */
const concurrentParts = 4;

export interface MultipartSizes {
  /** Files larger than this go up in parts. */
  readonly thresholdBytes: number;
  /** @default 64 MiB, more where 10,000 of them do not hold the file; S3 takes 5 MiB to 5 GiB */
  readonly partBytes: number;
}

export const defaultMultipartSizes: MultipartSizes = {
  thresholdBytes: 100 * mebibyte,
  partBytes: 64 * mebibyte,
};

/** Where each part begins and ends: 64 MiB each up to 625 GiB, and 10,000 larger ones beyond. */
export const partsOf = (sizeBytes: number, partBytes: number): readonly { start: number; end: number }[] => {
  const bytes = Math.max(partBytes, Math.ceil(sizeBytes / maxParts));
  return Array.from({ length: Math.ceil(sizeBytes / bytes) }, (_, part) => ({
    start: part * bytes,
    end: Math.min(sizeBytes, (part + 1) * bytes),
  }));
};

export interface MultipartRequest {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly metadata: Record<string, string>;
  readonly filePath: string;
  readonly sizeBytes: number;
  readonly partBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Tries a request with a stream as body again, which the SDK cannot rewind. */
  readonly retrying: <Answer>(action: () => Promise<Answer>) => Promise<Answer>;
}

/**
 * Uploads a file of any size in parts, as one object that appears whole at the end and only if the key is free: fails
 * with 412 when it is taken, with 409 when another conditional write of the key was under way (S3 asks for a new upload
 * then). Parts of an upload that fails are removed; those of a process that died, by the bucket's lifecycle rule.
 */
export const uploadInParts = async (request: MultipartRequest): Promise<void> => {
  const { client, bucket, key, metadata } = request;
  const to = { Bucket: bucket, Key: key };
  // The SDK adds a CRC32 to each part; S3 refuses parts with a checksum that the upload did not announce.
  const announced = { Metadata: metadata, ChecksumAlgorithm } as const;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...to, ...announced }));
  try {
    const Parts = await uploadParts(request, UploadId);
    await client.send(
      new CompleteMultipartUploadCommand({ ...to, UploadId, IfNoneMatch: '*', MultipartUpload: { Parts } }),
    );
  } catch (error) {
    // The first error says what happened; parts that stay behind are the lifecycle rule's.
    await client.send(new AbortMultipartUploadCommand({ ...to, UploadId })).catch(() => undefined);
    throw error;
  }
};

/** Some workers take the next part each until none is left; after a failure nobody takes another. */
const uploadParts = async (
  request: MultipartRequest,
  uploadId: string | undefined,
): Promise<CompletedPart[]> => {
  const parts = partsOf(request.sizeBytes, request.partBytes);
  const done: CompletedPart[] = [];
  let next = 0;
  let hasFailed = false;
  const work = async () => {
    for (let part = next++; part < parts.length && !hasFailed; part = next++) {
      const range = parts[part];
      if (range === undefined) return;
      done[part] = await uploadPart(request, uploadId, part + 1, range);
    }
  };
  const workers = Array.from({ length: Math.min(concurrentParts, parts.length) }, () =>
    work().catch((error: unknown) => {
      hasFailed = true;
      throw error;
    }),
  );
  // All must be quiet before the upload is aborted: a part that arrives later would stay.
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return done;
};

/** S3 wants the checksum the SDK computed of each part back when it puts them together. */
const uploadPart = async (
  request: MultipartRequest,
  UploadId: string | undefined,
  PartNumber: number,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<CompletedPart> => {
  const { client, bucket, key, filePath, signal, retrying } = request;
  const to = { Bucket: bucket, Key: key, UploadId, PartNumber };
  const part = { ...to, ContentLength: end - start, ChecksumAlgorithm } as const;
  const { ETag, ChecksumCRC32 } = await retrying(() =>
    sendingFile(filePath, { start, end: end - 1, signal }, (Body, abortSignal) =>
      client.send(new UploadPartCommand({ ...part, Body }), { abortSignal }),
    ),
  );
  return { PartNumber, ETag, ChecksumCRC32 };
};
