import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/index.ts';

/** A store under test, and the hand of a person or program that writes past it. */
export interface ObjectStoreUnderTest {
  readonly store: ObjectStore;
  /** Puts content under a key whether or not one is there, as people do. */
  replace(key: string, content: string): void | Promise<void>;
  /** Arranges for `replace` to happen once a download of `key` has begun to read. */
  replaceDuringDownload(key: string, content: string): void;
  remove(): void;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const allKeys = async (store: ObjectStore, prefix: string, limit: number) => {
  const keys: string[] = [];
  const pageSizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(prefix, { limit, ...(cursor === undefined ? {} : { cursor }) });
    keys.push(...page.objects.map((object) => object.key));
    pageSizes.push(page.objects.length);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { keys, pageSizes };
};

/** Where what a store stands on is known to differ from the real thing: the reason, shown with the test that skips. */
export interface KnownDeviations {
  readonly timesInListings?: string;
}

/** What every ObjectStore promises; each adapter runs it. */
export const objectStoreContract = (
  name: string,
  makeStore: () => ObjectStoreUnderTest,
  deviations: KnownDeviations = {},
): void => {
  describe(`${name} keeps the promises of an object store`, () => {
    let underTest: ObjectStoreUnderTest;
    let store: ObjectStore;
    let folder: TemporaryFolder;

    beforeEach(() => {
      underTest = makeStore();
      store = underTest.store;
      folder = temporaryFolder();
    });
    afterEach(() => {
      underTest.remove();
      folder.remove();
    });

    it('gives back the bytes, the text and the file it was given', async () => {
      const bytes = randomBytes(70_000);
      writeFileSync(join(folder.path, 'file'), bytes);

      await store.putIfAbsent('a/bytes', bytes);
      await store.putIfAbsent('a/text', 'Grüße, 世界');
      await store.putIfAbsent('a/file', { filePath: join(folder.path, 'file') });
      await store.putIfAbsent('a/empty', '');

      expect(sha256(await store.get('a/bytes'))).toBe(sha256(bytes));
      expect(text(await store.get('a/text'))).toBe('Grüße, 世界');
      expect(sha256(await store.get('a/file'))).toBe(sha256(bytes));
      expect(await store.get('a/empty')).toHaveLength(0);
    });

    it('does nothing for whom it is too late, and says why', async () => {
      const tooLate = new Error('no time left');
      const signal = AbortSignal.abort(tooLate);
      writeFileSync(join(folder.path, 'file'), 'x'.repeat(2000));
      await store.putIfAbsent('a/there', 'first');

      const file = { filePath: join(folder.path, 'file') };
      await expect(store.putIfAbsent('a/b', file, { signal })).rejects.toBe(tooLate);
      await expect(store.download('a/there', join(folder.path, 'out'), { signal })).rejects.toBe(tooLate);

      expect(await store.head('a/b')).toBeUndefined();
      expect(readdirSync(folder.path)).toEqual(['file']);
    });

    it('never overwrites: the second writer is told so and shown what is there', async () => {
      const first = await store.putIfAbsent('a/b', 'first');

      const second = await store.putIfAbsent('a/b', 'second!');

      expect(first).toMatchObject({ created: true, head: { key: 'a/b', sizeBytes: 5 } });
      expect(second).toEqual({ created: false, head: first.head });
      expect(text(await store.get('a/b'))).toBe('first');
    });

    it('tells exactly one of twenty racing writers that it created the object', async () => {
      const writers = Array.from({ length: 20 }, (_, writer) => `writer ${writer}`);

      const answers = await Promise.all(writers.map((body) => store.putIfAbsent('race/key', body)));

      const winners = writers.filter((_, writer) => answers[writer]?.created);
      expect(winners).toHaveLength(1);
      expect(text(await store.get('race/key'))).toBe(winners[0]);
    });

    it('tells size, time and a fingerprint of an object without reading it, the same by head and by list', async ({
      skip,
    }) => {
      const { head } = await store.putIfAbsent('a/b', 'hello');

      expect(head.sizeBytes).toBe(5);
      expect(new Date(head.modifiedAt).toISOString()).toBe(head.modifiedAt);
      expect(await store.head('a/b')).toEqual(head);
      skip(deviations.timesInListings !== undefined, deviations.timesInListings);
      expect((await store.list('a/')).objects).toEqual([head]);
    });

    it('changes the fingerprint when somebody replaces the object by one of the same size', async () => {
      await underTest.replace('incoming/m/day.csv', 'one');
      const before = await store.head('incoming/m/day.csv');

      await underTest.replace('incoming/m/day.csv', 'two');

      const after = await store.head('incoming/m/day.csv');
      expect(after?.sizeBytes).toBe(before?.sizeBytes);
      expect(after?.etag).not.toBe(before?.etag);
    });

    it('says that an object is not there, rather than inventing one', async () => {
      await store.putIfAbsent('a/b/c', 'x');

      const missing = { name: 'OBJECT_NOT_FOUND', message: expect.stringContaining('list the prefix') };
      for (const key of ['nothing', 'a', 'a/b', 'a/b/c/d', 'a/b/c2']) {
        expect(await store.head(key)).toBeUndefined();
        await expect(store.get(key)).rejects.toMatchObject(missing);
        await expect(store.download(key, join(folder.path, 'out'))).rejects.toMatchObject(missing);
      }
      expect(readdirSync(folder.path)).toEqual([]);
    });

    it('downloads an object to a file, and one of several megabytes byte for byte', async () => {
      const bytes = randomBytes(3_000_000);
      const { head } = await store.putIfAbsent('big', bytes);

      const downloaded = await store.download('big', join(folder.path, 'out'), { etag: head.etag });

      expect(downloaded).toEqual(head);
      expect(sha256(readFileSync(join(folder.path, 'out')))).toBe(sha256(bytes));
      expect(readdirSync(folder.path)).toEqual(['out']);
    });

    it('refuses to download an object that is no longer the one named', async () => {
      await underTest.replace('incoming/m/day.csv', 'one');
      const etag = (await store.head('incoming/m/day.csv'))?.etag ?? '';
      await underTest.replace('incoming/m/day.csv', 'two');

      const download = store.download('incoming/m/day.csv', join(folder.path, 'out'), { etag });

      await expect(download).rejects.toMatchObject({
        name: 'OBJECT_CHANGED',
        message: expect.stringContaining('drop it again'),
      });
      expect(readdirSync(folder.path)).toEqual([]);
    });

    it.each([
      ['named by its fingerprint', true],
      ['not named', false],
    ])(
      'never passes off a mixture when an object, %s, is replaced while it is downloaded',
      async (_, isNamed) => {
        await underTest.replace('incoming/m/day.csv', 'one'.repeat(100_000));
        const etag = (await store.head('incoming/m/day.csv'))?.etag ?? '';
        underTest.replaceDuringDownload('incoming/m/day.csv', 'two'.repeat(100_000));

        const download = store.download(
          'incoming/m/day.csv',
          join(folder.path, 'out'),
          isNamed ? { etag } : {},
        );

        await expect(download).rejects.toMatchObject({ name: 'OBJECT_CHANGED' });
        expect(readdirSync(folder.path)).toEqual([]);
      },
    );

    it.each([
      '',
      '/',
      '/etc/passwd',
      '../secret',
      'a/../b',
      'a/..',
      'a/./b',
      '.',
      'a//b',
      'a/',
      'a\\b',
      '..\\secret',
      'a\0b',
      'a\nb',
      'lone \ud800 surrogate',
      `${'a'.repeat(256)}/b`,
      `${'a/'.repeat(600)}b`,
      '.millrace-tmp/x',
    ])('refuses the key %j', async (key) => {
      const refusal = { name: 'OBJECT_KEY_INVALID', details: { key } };

      await expect(store.putIfAbsent(key, 'x')).rejects.toMatchObject(refusal);
      await expect(store.get(key)).rejects.toMatchObject(refusal);
      await expect(store.head(key)).rejects.toMatchObject(refusal);
      await expect(store.download(key, join(folder.path, 'out'))).rejects.toMatchObject(refusal);
      expect((await store.list('')).objects).toEqual([]);
    });

    it.each([
      'Größe 2026 (final).csv',
      'données/été.csv',
      '数据/🚆.parquet',
      'a+b&c=d%20e#f?.csv',
      '..hidden',
      'c:/x',
      "o'brien",
    ])('takes the name %j as people write it', async (key) => {
      await store.putIfAbsent(`incoming/m/${key}`, 'x');

      expect((await store.list('incoming/m/')).objects.map((object) => object.key)).toEqual([
        `incoming/m/${key}`,
      ]);
      expect(text(await store.get(`incoming/m/${key}`))).toBe('x');
    });

    it('lists by plain text prefix, in the order of UTF-8 bytes', async () => {
      const keys = ['a-b', 'a.b/c', 'a/b', 'a/b-c', 'a0', 'ab/c', 'a/é', 'a/\uffee', 'a/😀', 'b'];
      for (const key of keys.toReversed()) await store.putIfAbsent(key, key);

      const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect((await allKeys(store, '', 1000)).keys).toEqual(sorted);
      expect((await allKeys(store, 'a/b', 1000)).keys).toEqual(['a/b', 'a/b-c']);
      expect((await allKeys(store, 'a.', 1000)).keys).toEqual(['a.b/c']);
      expect((await allKeys(store, 'a/', 2)).keys).toEqual(sorted.filter((key) => key.startsWith('a/')));
      expect(await store.list('../')).toEqual({ objects: [] });
      expect(await store.list('nothing/here')).toEqual({ objects: [] });
    });

    it('pages through everything once, whatever the page size and the names', async () => {
      const names = fc.uniqueArray(fc.stringMatching(/^[ab.\-é😀]{1,3}(\/[ab-]{1,2}){0,2}$/u), {
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(names, fc.integer({ min: 1, max: 5 }), fc.uuid(), async (asked, limit, run) => {
          const valid = asked.map((key) => `${run}/${key}`).filter((key) => !/\/\.{1,2}(\/|$)/u.test(key));
          // A key cannot be an object and a folder of others at once on a disk.
          const keys = valid.filter((key) => !valid.some((other) => other.startsWith(`${key}/`)));
          for (const key of keys) await store.putIfAbsent(key, 'x');

          const { keys: listed, pageSizes } = await allKeys(store, `${run}/`, limit);

          expect(listed).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
          expect(pageSizes).toEqual(
            pageSizes.map((size, page) => (page < pageSizes.length - 1 ? limit : size)),
          );
          expect(pageSizes.at(-1) === 0 && pageSizes.length > 1).toBe(false);
        }),
        { numRuns: 15, seed: 1 },
      );
    });

    it('goes on from a cursor although objects came in the meantime', async () => {
      for (const key of ['a', 'c', 'e']) await store.putIfAbsent(key, 'x');
      const first = await store.list('', { limit: 2 });
      await store.putIfAbsent('b', 'x');
      await store.putIfAbsent('d', 'x');

      const rest = await store.list('', {
        limit: 10,
        ...(first.cursor === undefined ? {} : { cursor: first.cursor }),
      });

      expect(rest.objects.map((object) => object.key)).toEqual(['d', 'e']);
      expect(rest.cursor).toBeUndefined();
    });

    it('refuses a cursor it never gave and a page of no size', async () => {
      await expect(store.list('', { cursor: 'made up' })).rejects.toMatchObject({ name: 'INPUT_INVALID' });
      await expect(store.list('', { limit: 0 })).rejects.toMatchObject({ name: 'INPUT_INVALID' });
    });
  });
};
