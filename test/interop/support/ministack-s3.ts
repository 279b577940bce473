import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  type GetObjectCommandOutput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeFirstRequest } from './before-first-request.ts';
import { type Ministack, region } from './ministack.ts';

export const s3ClientOf = (ministack: Ministack): S3Client =>
  new S3Client({
    endpoint: ministack.endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      httpsAgent: new Agent({ ca: readFileSync(ministack.certificateFile), keepAlive: true }),
    },
  });

/** A connection that carries the first bytes and then breaks, once something has happened meanwhile. */
const breaking = (body: Readable, meanwhile: () => Promise<unknown>): Readable =>
  Readable.from(
    (async function* () {
      for await (const chunk of body) {
        yield Buffer.from(chunk).subarray(0, 1000);
        break;
      }
      await meanwhile();
      throw new Error('the connection broke');
    })(),
    { objectMode: false },
  );

/** A bucket of its own in MiniStack, made by the first request, and the hand that writes past the store. */
export const freshBucket = (ministack: Ministack) => {
  const bucket = `contract-${randomUUID()}`;
  const admin = s3ClientOf(ministack);
  const client = s3ClientOf(ministack);
  let made: Promise<unknown> | undefined;
  const makeBucket = () => {
    made ??= admin.send(new CreateBucketCommand({ Bucket: bucket }));
    return made;
  };
  beforeFirstRequest(client, makeBucket);

  const replace = async (key: string, content: string): Promise<void> => {
    await makeBucket();
    await admin.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  };
  const replaceDuringDownload = (key: string, content: string) => {
    let isBroken = false;
    client.middlewareStack.add(
      (next, context) => async (request) => {
        const result = await next(request);
        if (context.commandName !== 'GetObjectCommand' || isBroken) return result;
        isBroken = true;
        const output = result.output as GetObjectCommandOutput;
        if (output.Body instanceof Readable)
          Object.assign(output, { Body: breaking(output.Body, () => replace(key, content)) });
        return result;
      },
      { step: 'initialize', priority: 'low', name: 'breakOnce' },
    );
  };
  const remove = () => {
    client.destroy();
    admin.destroy();
  };
  return { bucket, client, replace, replaceDuringDownload, remove };
};
