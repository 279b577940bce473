import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { s3ObjectStore } from '../../lib/adapters/aws/s3-object-store.ts';
import { objectStoreContract } from '../contract/object-store.ts';
import { temporaryFolder } from '../support/index.ts';
import { requireLoopback } from './support/loopback.ts';
import { type Ministack, startMinistack } from './support/ministack.ts';
import { freshBucket } from './support/ministack-s3.ts';
import { ministack as prepared } from './support/parties.ts';

describe.skipIf(prepared === undefined)("on MiniStack's S3", () => {
  let ministack: Ministack;
  beforeAll(async () => {
    ministack = await startMinistack();
  });
  afterAll(() => ministack?.stop());

  objectStoreContract(
    'S3',
    () => {
      const { bucket, client, ...hand } = freshBucket(ministack);
      return { store: s3ObjectStore({ bucket, client }), ...hand };
    },
    {
      timesInListings:
        'MiniStack 1.5.33 lists times to the millisecond; S3 gives whole seconds, as for one object',
    },
  );

  it('ten writers of one key, each with a file of three parts, find exactly one of them the first', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const { bucket, client, remove } = freshBucket(ministack);
    onTestFinished(remove);
    // S3 takes no part below 5 MiB but the last.
    const partBytes = 5 * 2 ** 20;
    const store = s3ObjectStore({ bucket, client, multipart: { thresholdBytes: partBytes, partBytes } });
    const files = Array.from({ length: 10 }, (_, writer) => {
      const filePath = path.join(folder.path, `${writer}`);
      writeFileSync(filePath, Buffer.concat([Buffer.alloc(2 * partBytes, writer), randomBytes(1000)]));
      return filePath;
    });

    const answers = await Promise.all(files.map((filePath) => store.putIfAbsent('race/large', { filePath })));

    const winners = files.filter((_, writer) => answers[writer]?.created);
    expect(winners).toHaveLength(1);
    const stored = await store.get('race/large');
    expect(Buffer.compare(stored, readFileSync(winners[0] ?? ''))).toBe(0);
  });
});

describe('what deletes and overwrites', () => {
  it.each(['https://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566'])(
    'runs against %s',
    (url) => {
      expect(requireLoopback(url)).toBe(url);
    },
  );

  it.each([
    undefined,
    '',
    'https://s3.eu-central-1.amazonaws.com',
    'https://127.0.0.1.example.com',
    'http://10.0.0.7:4566',
    'http://localhost@example.com',
    'not an address',
  ])('refuses to run against %s', (url) => {
    expect(() => requireLoopback(url)).toThrow('expected an address of this machine');
  });
});
