import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partsOf } from '../../../../lib/adapters/aws/s3-multipart.ts';
import { s3ObjectStore } from '../../../../lib/adapters/aws/s3-object-store.ts';
import type { ObjectStore } from '../../../../lib/ports/object-store.ts';
import { FakeS3 } from '../../../contract/fake-s3.ts';
import {
  type FixedClock,
  fixedClock,
  type TemporaryFolder,
  temporaryFolder,
} from '../../../support/index.ts';

describe('the S3 store', () => {
  let folder: TemporaryFolder;
  let s3: FakeS3;
  let clock: FixedClock;
  let store: ObjectStore;
  beforeEach(() => {
    folder = temporaryFolder();
    s3 = new FakeS3({ bucket: 'millrace' });
    clock = fixedClock();
    store = s3ObjectStore({ bucket: 'millrace', client: s3.client, clock });
  });
  afterEach(() => folder.remove());

  it('touches neither network nor settings until it is asked for something', () => {
    expect(() => s3ObjectStore({ bucket: 'millrace' })).not.toThrow();
  });

  it('knows its own object when the answer to a put was lost and the SDK sent it again', async () => {
    s3.repeatsNextPut = true;

    const first = await store.putIfAbsent('a/b', 'x');
    const second = await store.putIfAbsent('a/b', 'x');

    expect([first.created, second.created]).toEqual([true, false]);
  });

  it('sends a file again from its start when the connection breaks, which the SDK cannot', async () => {
    writeFileSync(join(folder.path, 'source'), 'all of it');
    s3.failingPuts = 2;

    const { created, head } = await store.putIfAbsent('a/b', { filePath: join(folder.path, 'source') });

    expect({ created, sizeBytes: head.sizeBytes }).toEqual({ created: true, sizeBytes: 9 });
    expect(s3.calls).toEqual(['PutObject', 'PutObject', 'PutObject', 'HeadObject']);
  });

  it('gives up after six tries, 3.1 s of waiting, and lets the error fly', async () => {
    writeFileSync(join(folder.path, 'source'), 'x');
    s3.failingPuts = 100;
    const before = clock.now();

    await expect(store.putIfAbsent('a/b', { filePath: join(folder.path, 'source') })).rejects.toThrow(
      'socket hang up',
    );

    expect(s3.calls).toHaveLength(6);
    expect(clock.now() - before).toBe(3100);
  });

  it('takes a broken download up where it broke', async () => {
    const bytes = Buffer.from('0123456789'.repeat(1000));
    s3.hold('a/b', bytes);
    s3.breakReadOf.set('a/b', () => undefined);

    await store.download('a/b', join(folder.path, 'out'));

    expect(readFileSync(join(folder.path, 'out'))).toEqual(bytes);
    expect(s3.calls).toEqual(['GetObject', 'GetObject']);
  });

  it('stops a download in the middle when it is told to, and does not take it up again', async () => {
    const tooLate = new Error('no time left');
    const controller = new AbortController();
    s3.hold('a/b', Buffer.from('0123456789'.repeat(1000)));
    s3.breakReadOf.set('a/b', () => controller.abort(tooLate));

    const downloading = store.download('a/b', join(folder.path, 'out'), { signal: controller.signal });

    await expect(downloading).rejects.toBe(tooLate);
    expect(s3.calls).toEqual(['GetObject']);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each([1000, 5])('stops sending a file when it is told to, from %i bytes on in parts', async (bytes) => {
    const tooLate = new Error('no time left');
    const controller = new AbortController();
    const multipart = { thresholdBytes: bytes, partBytes: 5 };
    const stopping = s3ObjectStore({
      bucket: 'millrace',
      client: s3.client,
      clock: { now: () => clock.now(), sleep: async () => controller.abort(tooLate) },
      multipart,
    });
    writeFileSync(join(folder.path, 'source'), 'all of it');
    s3.failingPuts = 100;

    const sending = stopping.putIfAbsent(
      'a/b',
      { filePath: join(folder.path, 'source') },
      { signal: controller.signal },
    );

    await expect(sending).rejects.toBe(tooLate);
    expect(await store.head('a/b')).toBeUndefined();
  });

  it('reads a small object anew when the connection breaks', async () => {
    s3.hold('a/b', Buffer.from('whole'));
    s3.breakReadOf.set('a/b', () => undefined);

    expect(Buffer.from(await store.get('a/b')).toString()).toBe('whole');
  });

  it('passes over the "folders" that the S3 console makes, without ending the list', async () => {
    for (const key of ['incoming/', 'incoming/m/', 'incoming/m/day.csv']) s3.hold(key, Buffer.alloc(0));

    const first = await store.list('incoming/', { limit: 2 });
    const rest = await store.list('incoming/', { limit: 2, cursor: first.cursor ?? '' });

    expect([...first.objects, ...rest.objects].map((object) => object.key)).toEqual(['incoming/m/day.csv']);
    expect(rest.cursor).toBeUndefined();
  });

  it('does not try again to read a file that is not there, nor leave one open that was not sent', async () => {
    await expect(store.putIfAbsent('a/b', { filePath: join(folder.path, 'nothing') })).rejects.toMatchObject({
      code: 'ENOENT',
    });

    expect(s3.calls).toEqual([]);
  });

  it('does not take a missing bucket for a missing object', async () => {
    const elsewhere = s3ObjectStore({ bucket: 'mistyped', client: s3.client, clock });

    await expect(elsewhere.get('a/b')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('the S3 store with a file too large for one request', () => {
  const bytes = Buffer.from('0123456789'.repeat(100));
  let folder: TemporaryFolder;
  let s3: FakeS3;
  let store: ObjectStore;
  let filePath: string;
  beforeEach(() => {
    folder = temporaryFolder();
    filePath = join(folder.path, 'source');
    writeFileSync(filePath, bytes);
    s3 = new FakeS3({ bucket: 'millrace' });
    const multipart = { thresholdBytes: 999, partBytes: 64 };
    store = s3ObjectStore({ bucket: 'millrace', client: s3.client, clock: fixedClock(), multipart });
  });
  afterEach(() => folder.remove());
  const countOf = (call: string) => s3.calls.filter((one) => one === call).length;

  it('sends it in parts, which become one object at the end', async () => {
    const { created, head } = await store.putIfAbsent('a/b', { filePath });

    expect({ created, sizeBytes: head.sizeBytes }).toEqual({ created: true, sizeBytes: 1000 });
    expect(Buffer.from(await store.get('a/b'))).toEqual(bytes);
    expect(countOf('UploadPart')).toBe(16);
    expect(s3.uploads.size).toBe(0);
  });

  it('sends a smaller file in one request', async () => {
    writeFileSync(filePath, bytes.subarray(1));

    await store.putIfAbsent('a/b', { filePath });

    expect(s3.calls).toEqual(['PutObject', 'HeadObject']);
  });

  it('sends only the part again whose connection broke', async () => {
    s3.failingPuts = 2;

    const { created } = await store.putIfAbsent('a/b', { filePath });

    expect(created).toBe(true);
    expect(countOf('UploadPart')).toBe(18);
    expect(Buffer.from(await store.get('a/b'))).toEqual(bytes);
  });

  it('knows its own object when the answer to the completion was lost and the SDK asked again', async () => {
    s3.repeatsNextCompletion = true;

    expect((await store.putIfAbsent('a/b', { filePath })).created).toBe(true);
  });

  it('leaves nothing that is paid for when another was first, and says so', async () => {
    s3.beforeCompletion = () => s3.hold('a/b', Buffer.from('theirs'));

    const { created, head } = await store.putIfAbsent('a/b', { filePath });

    expect({ created, sizeBytes: head.sizeBytes }).toEqual({ created: false, sizeBytes: 6 });
    expect(s3.uploads.size).toBe(0);
  });

  it('begins a new upload after a conflict, as S3 asks for', async () => {
    s3.conflictsNextCompletion = true;

    expect((await store.putIfAbsent('a/b', { filePath })).created).toBe(true);

    expect(countOf('CreateMultipartUpload')).toBe(2);
    expect(s3.uploads.size).toBe(0);
  });

  it('does not upload it all again when the conflict left the object of another', async () => {
    s3.conflictsNextCompletion = true;
    s3.beforeCompletion = () => s3.hold('a/b', Buffer.from('theirs'));

    expect((await store.putIfAbsent('a/b', { filePath })).created).toBe(false);

    expect(countOf('CreateMultipartUpload')).toBe(1);
  });

  it('removes the parts and lets the error fly when a part cannot be sent', async () => {
    s3.failingPuts = 100;

    await expect(store.putIfAbsent('a/b', { filePath })).rejects.toThrow('socket hang up');

    expect(await store.head('a/b')).toBeUndefined();
    expect(s3.uploads.size).toBe(0);
  });

  it('cuts a file into parts that S3 takes, however large it is', () => {
    const mebibyte = 1024 ** 2;
    const sizes = [1, 64 * mebibyte, 64 * mebibyte + 1, 5 * 1024 ** 3 + 7, 5 * 1024 ** 4];
    for (const size of sizes) {
      const parts = partsOf(size, 64 * mebibyte);

      expect(parts.length).toBeLessThanOrEqual(10_000);
      expect(parts.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(size);
      expect(parts.every(({ start, end }) => end > start && end - start <= 5 * 1024 ** 3)).toBe(true);
      expect(parts.slice(1).every(({ start }, at) => start === parts[at]?.end)).toBe(true);
    }
  });
});
