import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { s3ObjectStore } from '../../../lib/adapters/aws/s3-object-store.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { FakeS3 } from '../../contract/fake-s3.ts';
import { type FixedClock, fixedClock, type TemporaryFolder, temporaryFolder } from '../../support/index.ts';

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

  it('does not take a missing bucket for a missing object', async () => {
    const elsewhere = s3ObjectStore({ bucket: 'mistyped', client: s3.client, clock });

    await expect(elsewhere.get('a/b')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
