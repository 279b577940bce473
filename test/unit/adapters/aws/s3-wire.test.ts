import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeS3Client } from '../../../../lib/adapters/aws/s3-client.ts';
import { s3ObjectStore } from '../../../../lib/adapters/aws/s3-object-store.ts';
import { clientDefaults } from '../../../../lib/adapters/aws/sdk-errors.ts';
import { fixedClock, type TemporaryFolder, temporaryFolder } from '../../../support/index.ts';
import { scriptedHttp } from '../../../support/scripted-http.ts';

describe('what the S3 store sends', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    folder.remove();
  });

  it('puts parts together on the condition that the key is free, with the checksum of each', async () => {
    writeFileSync(join(folder.path, 'source'), 'x'.repeat(10));
    const xml = { 'content-type': 'application/xml' };
    const http = scriptedHttp(
      {
        status: 200,
        body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>',
        headers: xml,
      },
      { status: 200, headers: { etag: '"part"', 'x-amz-checksum-crc32': 'AAAAAA==' } },
      {
        status: 200,
        body: '<CompleteMultipartUploadResult><ETag>"all-1"</ETag></CompleteMultipartUploadResult>',
      },
      { status: 200, headers: { etag: '"all-1"', 'last-modified': 'Mon, 05 Jan 2026 09:00:00 GMT' } },
    );
    const client = new S3Client({
      ...clientDefaults,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: http.requestHandler,
    });
    const multipart = { thresholdBytes: 5, partBytes: 100 };
    const store = s3ObjectStore({ bucket: 'data', client, clock: fixedClock(), multipart });

    await store.putIfAbsent('sources/m/ü 1.csv', { filePath: join(folder.path, 'source') });

    const [create, part, complete] = http.requests;
    expect(create?.headers).toMatchObject({ 'x-amz-checksum-algorithm': 'CRC32' });
    expect(part?.headers).toMatchObject({ 'x-amz-trailer': 'x-amz-checksum-crc32' });
    expect(part?.body).toContain('xxxxxxxxxx');
    expect(part?.query).toMatchObject({ partNumber: '1', uploadId: 'u1' });
    expect(complete?.headers).toMatchObject({ 'if-none-match': '*' });
    expect(complete?.body).toContain('<ChecksumCRC32>AAAAAA==</ChecksumCRC32>');
    expect(http.requests.every(({ path }) => path === '/sources/m/%C3%BC%201.csv')).toBe(true);
    expect(http.requests.every(({ hostname }) => hostname === 'data.s3.eu-central-1.amazonaws.com')).toBe(
      true,
    );
  });

  it('says nothing on the console of a file that is there already', async () => {
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    writeFileSync(join(folder.path, 'source'), 'x'.repeat(10));
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const body = '<Error><Code>PreconditionFailed</Code><Message>there</Message></Error>';
    const http = scriptedHttp({ status: 412, body }, { status: 200, headers: { etag: '"a"' } });
    const client = makeS3Client();
    client.config.requestHandler = http.requestHandler;
    const store = s3ObjectStore({ bucket: 'data', client, clock: fixedClock() });

    await store
      .putIfAbsent('sources/m/1.csv', { filePath: join(folder.path, 'source') })
      .catch(() => undefined);

    expect(http.requests[0]?.headers).toMatchObject({ 'if-none-match': '*' });
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])(
    'addresses buckets by path where %s is set',
    (name) => {
      vi.stubEnv('AWS_REGION', 'eu-central-1');
      expect(makeS3Client().config.forcePathStyle).toBe(false);

      vi.stubEnv(name, 'http://127.0.0.1:4566');

      expect(makeS3Client().config.forcePathStyle).toBe(true);
    },
  );
});
