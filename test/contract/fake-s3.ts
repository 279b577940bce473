import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type AbortMultipartUploadCommandInput,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientResolvedConfig,
  S3ServiceException,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { known, turn, unknownCommand } from './known-fields.ts';

interface Held {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Record<string, string>;
  readonly modified: Date;
}

interface Upload {
  readonly key: string;
  readonly metadata: Record<string, string>;
  readonly parts: Map<number, Buffer>;
}

const failure = (status: number, name: string) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status }, message: name });

const bytesOf = async (body: PutObjectCommandInput['Body']): Promise<Buffer> => {
  if (body instanceof Readable) return Buffer.concat(await body.toArray());
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new Error(`the fake S3 was not told about a body of type ${typeof body}`);
};

/**
 * S3 as far as the store uses it, in memory: conditional writes with their 412 and 409, conditional and ranged reads,
 * pages in byte order. It throws when asked what it was not told about.
 */
export class FakeS3 {
  readonly client = new S3Client({ region: 'eu-central-1' });
  /** Does the next put twice, as the SDK does when the first answer is lost. */
  repeatsNextPut = false;
  /** Puts that find the network down before they reach S3. */
  failingPuts = 0;
  /** Breaks the next read of the key half-way, and then does this. */
  readonly breakReadOf = new Map<string, () => void>();
  /** Happens once a multipart upload is about to be completed. */
  beforeCompletion: (() => void) | undefined;
  /** Answers the next completion with 409, as S3 does when another conditional write is under way. */
  conflictsNextCompletion = false;
  /** Completes the next upload twice, as the SDK does when the first answer is lost. */
  repeatsNextCompletion = false;
  /** Uploads that were begun and neither completed nor aborted: they would be paid for. */
  readonly uploads = new Map<string, Upload>();
  readonly calls: string[] = [];
  private readonly held = new Map<string, Held>();
  private readonly puttingKeys = new Set<string>();
  private writes = 0;

  constructor(options: { readonly bucket: string }) {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(unknownCommand);
    const checked =
      <I extends { Bucket?: string | undefined }, O>(name: string, answer: (input: I) => Promise<O>) =>
      async (input: I) => {
        this.calls.push(name);
        await turn();
        if (input.Bucket !== options.bucket) throw failure(404, 'NoSuchBucket');
        return answer(input);
      };
    mock
      .on(PutObjectCommand)
      .callsFake(checked('PutObject', (input: PutObjectCommandInput) => this.putAsTheSdkDoes(input)));
    mock
      .on(HeadObjectCommand)
      .callsFake(checked('HeadObject', async (input: GetObjectCommandInput) => this.head(input)));
    mock
      .on(GetObjectCommand)
      .callsFake(checked('GetObject', async (input: GetObjectCommandInput) => this.get(input)));
    this.answerMultipart(mock, checked);
    mock
      .on(ListObjectsV2Command)
      .callsFake(checked('ListObjectsV2', async (input: ListObjectsV2CommandInput) => this.list(input)));
  }

  private answerMultipart(
    mock: AwsStub<ServiceInputTypes, ServiceOutputTypes, S3ClientResolvedConfig>,
    checked: <I extends { Bucket?: string | undefined }, O>(
      name: string,
      answer: (input: I) => Promise<O>,
    ) => (input: I) => Promise<O>,
  ): void {
    mock.on(CreateMultipartUploadCommand).callsFake(
      checked('CreateMultipartUpload', async (input: CreateMultipartUploadCommandInput) => {
        known('CreateMultipartUpload', input, ['Bucket', 'Key', 'Metadata', 'ChecksumAlgorithm']);
        const UploadId = `upload ${this.calls.length}`;
        this.uploads.set(UploadId, {
          key: input.Key ?? '',
          metadata: input.Metadata ?? {},
          parts: new Map(),
        });
        return { UploadId };
      }),
    );
    mock
      .on(UploadPartCommand)
      .callsFake(checked('UploadPart', (input: UploadPartCommandInput) => this.uploadPart(input)));
    mock.on(CompleteMultipartUploadCommand).callsFake(
      checked('CompleteMultipartUpload', async (input: CompleteMultipartUploadCommandInput) => {
        const isRepeated = this.repeatsNextCompletion;
        this.repeatsNextCompletion = false;
        if (isRepeated) this.complete(input);
        return this.complete(input);
      }),
    );
    mock.on(AbortMultipartUploadCommand).callsFake(
      checked('AbortMultipartUpload', async ({ UploadId = '' }: AbortMultipartUploadCommandInput) => {
        if (!this.uploads.delete(UploadId)) throw failure(404, 'NoSuchUpload');
        return {};
      }),
    );
  }

  private uploadOf(input: { UploadId?: string | undefined; Key?: string | undefined }): Upload {
    const upload = this.uploads.get(input.UploadId ?? '');
    if (upload === undefined || upload.key !== input.Key) throw failure(404, 'NoSuchUpload');
    return upload;
  }

  private async uploadPart(input: UploadPartCommandInput) {
    const fields = ['Bucket', 'Key', 'UploadId', 'PartNumber', 'Body', 'ContentLength', 'ChecksumAlgorithm'];
    known('UploadPart', input, fields);
    const { parts } = this.uploadOf(input);
    if (this.failingPuts > 0) {
      this.failingPuts -= 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    }
    const bytes = await bytesOf(input.Body);
    if (input.ContentLength !== bytes.length) throw failure(400, 'IncompleteBody');
    parts.set(input.PartNumber ?? 0, bytes);
    return { ETag: `"${input.PartNumber}"`, ChecksumCRC32: `crc of ${input.PartNumber}` };
  }

  private complete(input: CompleteMultipartUploadCommandInput) {
    known('CompleteMultipartUpload', input, ['Bucket', 'Key', 'UploadId', 'IfNoneMatch', 'MultipartUpload']);
    if (input.IfNoneMatch !== '*')
      throw new Error('the fake S3 was not told about unconditional completions');
    this.beforeCompletion?.();
    if (this.conflictsNextCompletion) {
      this.conflictsNextCompletion = false;
      throw failure(409, 'ConditionalRequestConflict');
    }
    const { key, metadata, parts } = this.uploadOf(input);
    if (this.held.has(key)) throw failure(412, 'PreconditionFailed');
    const named = input.MultipartUpload?.Parts ?? [];
    const chunks = named.map(({ PartNumber = 0, ETag, ChecksumCRC32 }, at) => {
      const isWhole = ETag === `"${PartNumber}"` && ChecksumCRC32 === `crc of ${PartNumber}`;
      const chunk = parts.get(PartNumber);
      if (PartNumber !== at + 1 || !isWhole || chunk === undefined) throw failure(400, 'InvalidPart');
      return chunk;
    });
    this.hold(key, Buffer.concat(chunks), metadata);
    this.uploads.delete(input.UploadId ?? '');
    return {};
  }

  /** Writes without any condition, as other programs may. */
  hold(key: string, bytes: Buffer, metadata: Record<string, string> = {}): void {
    this.writes += 1;
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    this.held.set(key, {
      bytes,
      etag,
      metadata,
      modified: new Date(Date.UTC(2026, 0, 5) + this.writes * 1000),
    });
  }

  private async putAsTheSdkDoes(input: PutObjectCommandInput) {
    const isRepeated = this.repeatsNextPut;
    this.repeatsNextPut = false;
    if (isRepeated) await this.put(input);
    return this.put(input);
  }

  private async put(input: PutObjectCommandInput) {
    known('PutObject', input, ['Bucket', 'Key', 'Body', 'ContentLength', 'IfNoneMatch', 'Metadata']);
    const { Key = '', Body, ContentLength, IfNoneMatch, Metadata } = input;
    if (IfNoneMatch !== '*') throw new Error('the fake S3 was not told about unconditional puts');
    if (Body instanceof Readable && ContentLength === undefined) throw failure(411, 'MissingContentLength');
    if (this.failingPuts > 0) {
      this.failingPuts -= 1;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    }
    if (this.held.has(Key)) throw failure(412, 'PreconditionFailed');
    if (this.puttingKeys.has(Key)) throw failure(409, 'ConditionalRequestConflict');
    this.puttingKeys.add(Key);
    try {
      const bytes = await bytesOf(Body);
      await turn();
      if (ContentLength !== undefined && ContentLength !== bytes.length) throw failure(400, 'IncompleteBody');
      if (this.held.has(Key)) throw failure(412, 'PreconditionFailed');
      this.hold(Key, bytes, Metadata);
      return {};
    } finally {
      this.puttingKeys.delete(Key);
    }
  }

  private head(input: GetObjectCommandInput) {
    known('HeadObject', input, ['Bucket', 'Key']);
    const held = this.held.get(input.Key ?? '');
    if (held === undefined) throw failure(404, 'NotFound');
    const { bytes, etag, metadata, modified } = held;
    return { ContentLength: bytes.length, ETag: etag, LastModified: modified, Metadata: metadata };
  }

  private get(input: GetObjectCommandInput): Partial<GetObjectCommandOutput> {
    known('GetObject', input, ['Bucket', 'Key', 'IfMatch', 'Range']);
    const { Key = '', IfMatch, Range } = input;
    const held = this.held.get(Key);
    if (held === undefined) throw failure(404, 'NoSuchKey');
    if (IfMatch !== undefined && IfMatch !== held.etag) throw failure(412, 'PreconditionFailed');
    const start = Range === undefined ? 0 : Number(/^bytes=(\d+)-$/u.exec(Range)?.[1]);
    if (Range !== undefined && !(start < held.bytes.length)) throw failure(416, 'InvalidRange');
    const bytes = held.bytes.subarray(start);
    const afterBreak = this.breakReadOf.get(Key);
    this.breakReadOf.delete(Key);
    const stream = afterBreak === undefined ? Readable.from([bytes]) : brokenStream(bytes, afterBreak);
    // The SDK's stream carries methods besides, which the store does not use.
    const Body = stream as GetObjectCommandOutput['Body'];
    return {
      ContentLength: bytes.length,
      ETag: held.etag,
      LastModified: held.modified,
      ...(Body ? { Body } : {}),
    };
  }

  private list(input: ListObjectsV2CommandInput) {
    known('ListObjectsV2', input, ['Bucket', 'Prefix', 'StartAfter', 'MaxKeys']);
    const { Prefix = '', StartAfter, MaxKeys = 1000 } = input;
    const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const matching = [...this.held.entries()]
      .filter(
        ([key]) => key.startsWith(Prefix) && (StartAfter === undefined || bytewise(key, StartAfter) > 0),
      )
      .sort(([a], [b]) => bytewise(a, b));
    const page = matching.slice(0, Math.min(MaxKeys, 1000));
    const Contents = page.map(([Key, { bytes, etag, modified }]) => ({
      Key,
      Size: bytes.length,
      ETag: etag,
      LastModified: modified,
    }));
    // S3 leaves Contents out when there is nothing.
    return {
      ...(page.length > 0 ? { Contents } : {}),
      IsTruncated: page.length < matching.length,
      KeyCount: page.length,
    };
  }
}

const brokenStream = (bytes: Buffer, afterBreak: () => void): Readable =>
  Readable.from(
    (async function* () {
      yield bytes.subarray(0, bytes.length / 2);
      await turn();
      afterBreak();
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    })(),
  );
