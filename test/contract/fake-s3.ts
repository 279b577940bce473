import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

interface Held {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Record<string, string>;
  readonly modified: Date;
}

const failure = (status: number, name: string) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status }, message: name });

/** S3 answers in turns of its own; a fake that answers at once would hide races. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const known = (command: string, input: object, fields: readonly string[]) => {
  const unknown = Object.keys(input).filter((field) => !fields.includes(field));
  if (unknown.length > 0)
    throw new Error(`the fake S3 was not told about ${command} with ${unknown.join(', ')}`);
};

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
  readonly calls: string[] = [];
  private readonly held = new Map<string, Held>();
  private readonly puttingKeys = new Set<string>();
  private writes = 0;

  constructor(options: { readonly bucket: string }) {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(() => {
      throw new Error('the fake S3 was not told about this command');
    });
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
    mock
      .on(ListObjectsV2Command)
      .callsFake(checked('ListObjectsV2', async (input: ListObjectsV2CommandInput) => this.list(input)));
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
