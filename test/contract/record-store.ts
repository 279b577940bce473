import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordQuery, RecordStore } from '../../lib/ports/record-store.ts';

export interface RecordStoreUnderTest {
  readonly store: RecordStore;
  remove(): void;
}

const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** All pages of a query; no page may be longer than asked for, nor be empty when more is promised. */
const allSorts = async (store: RecordStore, query: RecordQuery) => {
  const sorts: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.query({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    if (query.limit !== undefined) expect(page.records.length).toBeLessThanOrEqual(query.limit);
    if (page.cursor !== undefined) expect(page.records).not.toEqual([]);
    sorts.push(...page.records.map((record) => record.sort));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return sorts;
};

/** The positions of the writers that went through; each of the others must have been told of a conflict. */
const winnersOf = async (races: readonly Promise<unknown>[]): Promise<readonly number[]> => {
  const outcomes = await Promise.allSettled(races);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'RECORD_CONFLICT' });
  }
  return outcomes.flatMap((outcome, at) => (outcome.status === 'fulfilled' ? [at] : []));
};

/** What every RecordStore promises; each adapter runs it. */
export const recordStoreContract = (name: string, makeStore: () => RecordStoreUnderTest): void => {
  describe(`${name} keeps the promises of a record store`, () => {
    let underTest: RecordStoreUnderTest;
    let store: RecordStore;
    const key = { partition: 'model#delay', sort: 'version#0001' };

    beforeEach(() => {
      underTest = makeStore();
      store = underTest.store;
    });
    afterEach(() => underTest.remove());

    it('gives back what was put, with revision 1, and nothing for a key never written', async () => {
      const body = {
        text: 'Grüße 😀',
        number: 0.1,
        big: 1e300,
        no: null,
        yes: true,
        list: [1, [2], {}],
        deep: { a: { b: '' } },
      };

      const written = await store.put({ ...key, body, index: { partition: 'i', sort: '1' } });

      expect(written).toEqual({ ...key, revision: 1, body, index: { partition: 'i', sort: '1' } });
      expect(await store.get(key)).toEqual(written);
      expect(await store.get({ ...key, sort: 'version#0002' })).toBeUndefined();
    });

    it('replaces the whole record and counts each write', async () => {
      await store.put({ ...key, body: { a: 1, b: 2 }, index: { partition: 'i', sort: '1' } });

      const second = await store.put({ ...key, body: { c: 3 } });

      expect(second).toEqual({ ...key, revision: 2, body: { c: 3 } });
      expect(await store.get(key)).toEqual(second);
      expect((await store.query({ partition: 'i', useIndex: true })).records).toEqual([]);
    });

    it('loses no count when twenty writers write without a condition', async () => {
      const written = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.put({ ...key, body: { n } })),
      );

      const revisions = written.map((record) => record.revision).sort((a, b) => a - b);
      expect(revisions).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      expect((await store.get(key))?.revision).toBe(20);
    });

    it('lets exactly one of twenty racing writers create a record', async () => {
      const races = Array.from({ length: 20 }, (_, n) =>
        store.put({ ...key, body: { n }, condition: 'absent' }),
      );

      const winners = await winnersOf(races);

      expect(winners).toHaveLength(1);
      expect((await store.get(key))?.body).toEqual({ n: winners[0] });
    });

    it('lets exactly one of twenty writers who read the same revision go through', async () => {
      await store.put({ ...key, body: { n: -1 } });

      const races = Array.from({ length: 20 }, (_, n) =>
        store.put({ ...key, body: { n }, condition: { revision: 1 } }),
      );
      const winners = await winnersOf(races);

      expect(winners).toHaveLength(1);
      expect(await store.get(key)).toMatchObject({ revision: 2 });
    });

    it('names the record of a conflict, says what to do, and changes nothing', async () => {
      const before = await store.put({ ...key, body: { n: 1 } });
      const conflict = {
        name: 'RECORD_CONFLICT',
        message: expect.stringMatching(/model#delay \/ version#0001.*read the record again/u),
        details: { conflicts: [key] },
      };

      await expect(store.put({ ...key, body: { n: 2 }, condition: 'absent' })).rejects.toMatchObject(
        conflict,
      );
      await expect(store.put({ ...key, body: { n: 2 }, condition: { revision: 2 } })).rejects.toMatchObject(
        conflict,
      );

      expect(await store.get(key)).toEqual(before);
    });

    it('does not create a record where a revision was expected', async () => {
      await expect(store.put({ ...key, body: {}, condition: { revision: 1 } })).rejects.toMatchObject({
        name: 'RECORD_CONFLICT',
      });

      expect(await store.get(key)).toBeUndefined();
    });

    it('queries one partition by prefix, in the order of UTF-8 bytes, both ways', async () => {
      const sorts = [
        'v',
        'v#',
        'v#1',
        'v#10',
        'v#2',
        'v$',
        'é',
        '\uffee',
        '😀',
        'v#\u{10ffff}',
        'v#😀',
        'V#1',
      ];
      for (const sort of sorts) await store.put({ partition: 'p', sort, body: {} });
      await store.put({ partition: 'p2', sort: 'v#1', body: {} });

      const sorted = sorts.toSorted(bytewise);
      expect(await allSorts(store, { partition: 'p' })).toEqual(sorted);
      expect(await allSorts(store, { partition: 'p', direction: 'descending' })).toEqual(sorted.toReversed());
      const versions = sorted.filter((sort) => sort.startsWith('v#'));
      expect(await allSorts(store, { partition: 'p', sortPrefix: 'v#' })).toEqual(versions);
      expect(
        await allSorts(store, { partition: 'p', sortPrefix: 'v#', direction: 'descending', limit: 2 }),
      ).toEqual(versions.toReversed());
      expect(await allSorts(store, { partition: 'p', sortPrefix: 'w' })).toEqual([]);
      expect(await allSorts(store, { partition: 'nobody' })).toEqual([]);
    });

    it('pages through everything once, whatever the names, the page size and the direction', async () => {
      const sorts = fc.uniqueArray(fc.stringMatching(/^[a#é😀\uffee]{1,4}$/u), {
        minLength: 1,
        maxLength: 12,
      });
      const prefix = fc.stringMatching(/^[a#é😀\uffee]{0,2}$/u);
      const direction = fc.constantFrom('ascending' as const, 'descending' as const);
      await fc.assert(
        fc.asyncProperty(
          sorts,
          prefix,
          direction,
          fc.integer({ min: 1, max: 4 }),
          fc.uuid(),
          async (...given) => {
            const [names, sortPrefix, way, limit, partition] = given;
            for (const sort of names) await store.put({ partition, sort, body: {} });

            const found = await allSorts(store, { partition, sortPrefix, direction: way, limit });

            const ascending = names.filter((sort) => sort.startsWith(sortPrefix)).toSorted(bytewise);
            expect(found).toEqual(way === 'ascending' ? ascending : ascending.toReversed());
          },
        ),
        { numRuns: 25, seed: 1 },
      );
    });

    it('gives no cursor when the page holds the last record', async () => {
      for (const sort of ['a', 'b']) await store.put({ partition: 'p', sort, body: {} });

      expect(await store.query({ partition: 'p', limit: 2 })).not.toHaveProperty('cursor');
      expect(await store.query({ partition: 'p', limit: 1 })).toHaveProperty('cursor');
    });

    it('finds records by the index, also several under one index key, whole and paged', async () => {
      const index = { partition: 'awaiting', sort: '2026-01-05' };
      for (const sort of ['a', 'b', 'c']) await store.put({ partition: sort, sort, body: { sort }, index });
      await store.put({
        partition: 'd',
        sort: 'd',
        body: {},
        index: { partition: 'awaiting', sort: '2025-12-31' },
      });
      await store.put({
        partition: 'e',
        sort: 'e',
        body: {},
        index: { partition: 'other', sort: '2026-01-05' },
      });
      await store.put({ partition: 'f', sort: 'f', body: {} });

      const ofDay = { partition: 'awaiting', sortPrefix: '2026-', useIndex: true } as const;
      expect((await allSorts(store, { ...ofDay, limit: 1 })).toSorted()).toEqual(['a', 'b', 'c']);
      expect((await allSorts(store, { ...ofDay, limit: 2, direction: 'descending' })).toSorted()).toEqual([
        'a',
        'b',
        'c',
      ]);
      expect((await allSorts(store, { partition: 'awaiting', useIndex: true }))[0]).toBe('d');
      expect((await store.query({ partition: 'other', useIndex: true })).records).toEqual([
        {
          partition: 'e',
          sort: 'e',
          revision: 1,
          body: {},
          index: { partition: 'other', sort: '2026-01-05' },
        },
      ]);
    });

    it('keeps a record that expires later as any other, and refuses an expiry that is no moment', async () => {
      const body = { n: 1 };
      const expiresAtSeconds = 4_000_000_000;

      await store.put({ ...key, body, expiresAtSeconds, index: { partition: 'i', sort: '1' } });
      await store.transact([{ partition: 'p', sort: 'other', body, expiresAtSeconds }]);

      expect(await store.get(key)).toEqual({
        ...key,
        revision: 1,
        body,
        index: { partition: 'i', sort: '1' },
      });
      expect(await store.get({ partition: 'p', sort: 'other' })).toMatchObject({ revision: 1, body });
      for (const wrong of [0, -1, 1.5, Number.NaN]) {
        const refused = store.put({ ...key, body, expiresAtSeconds: wrong });
        await expect(refused).rejects.toMatchObject({ name: 'RECORD_INVALID' });
      }
    });

    it('moves a record in the index with each write', async () => {
      await store.put({ ...key, body: {}, index: { partition: 'awaiting', sort: '1' } });

      await store.put({ ...key, body: {}, index: { partition: 'decided', sort: '1' } });

      expect(await allSorts(store, { partition: 'awaiting', useIndex: true })).toEqual([]);
      expect(await allSorts(store, { partition: 'decided', useIndex: true })).toEqual([key.sort]);
    });

    it('writes all of a transaction, each write counted', async () => {
      await store.put({ partition: 'p', sort: 'route', body: { version: 1 } });

      await store.transact([
        { partition: 'p', sort: 'route', body: { version: 2 }, condition: { revision: 1 } },
        {
          partition: 'p',
          sort: 'audit',
          body: { who: 'ada' },
          condition: 'absent',
          index: { partition: 'audit', sort: '1' },
        },
        { partition: 'p', sort: 'note', body: {} },
        { partition: 'p', sort: 'hold', check: 'absent' },
      ]);

      expect(await store.get({ partition: 'p', sort: 'route' })).toMatchObject({
        revision: 2,
        body: { version: 2 },
      });
      expect(await store.get({ partition: 'p', sort: 'audit' })).toMatchObject({
        revision: 1,
        body: { who: 'ada' },
      });
      expect(await store.get({ partition: 'p', sort: 'note' })).toMatchObject({ revision: 1 });
      expect(await store.get({ partition: 'p', sort: 'hold' })).toBeUndefined();
      expect(await allSorts(store, { partition: 'audit', useIndex: true })).toEqual(['audit']);
    });

    it('writes none of a transaction when any condition fails, and names every key that failed', async () => {
      const stored = await store.put({ partition: 'p', sort: 'route', body: { version: 1 } });

      const transaction = store.transact([
        { partition: 'p', sort: 'note', body: {} },
        { partition: 'p', sort: 'route', body: { version: 2 }, condition: { revision: 7 } },
        { partition: 'p', sort: 'other', body: {}, condition: 'absent' },
        { partition: 'p', sort: 'gate', check: { revision: 1 } },
      ]);

      await expect(transaction).rejects.toMatchObject({
        name: 'RECORD_CONFLICT',
        details: {
          conflicts: [
            { partition: 'p', sort: 'route' },
            { partition: 'p', sort: 'gate' },
          ],
        },
      });
      expect((await store.query({ partition: 'p' })).records).toEqual([stored]);
    });

    it('promotes exactly once when ten transactions race on one lock', async () => {
      await store.put({ partition: 'p', sort: 'route', body: { by: -1 } });

      const races = Array.from({ length: 10 }, (_, by) =>
        store.transact([
          { partition: 'p', sort: 'route', body: { by }, condition: { revision: 1 } },
          { partition: 'p', sort: `audit#${by}`, body: { by }, condition: 'absent' },
        ]),
      );
      const winners = await winnersOf(races);

      expect(winners).toHaveLength(1);
      expect(await store.get({ partition: 'p', sort: 'route' })).toMatchObject({
        revision: 2,
        body: { by: winners[0] },
      });
      expect(await allSorts(store, { partition: 'p', sortPrefix: 'audit#' })).toEqual([
        `audit#${winners[0]}`,
      ]);
    });

    it('takes 100 items in a transaction, not 101, and no key twice', async () => {
      const items = Array.from({ length: 101 }, (_, n) => ({ partition: 'p', sort: `${n}`, body: { n } }));

      await expect(store.transact(items)).rejects.toMatchObject({ name: 'RECORD_INVALID' });
      await expect(
        store.transact([
          { ...key, body: {} },
          { ...key, check: 'absent' },
        ]),
      ).rejects.toMatchObject({
        name: 'RECORD_INVALID',
        message: expect.stringContaining('twice'),
      });
      expect(await allSorts(store, { partition: 'p' })).toEqual([]);
      await store.transact(items.slice(0, 100));
      expect(await allSorts(store, { partition: 'p', limit: 30 })).toHaveLength(100);
      await expect(store.transact([])).resolves.toBeUndefined();
    });

    it('takes a body of 350 KB and refuses a larger one, also among many', async () => {
      const fits = { text: 'x'.repeat(350 * 1024 - '{"text":""}'.length) };
      const tooLarge = { text: `${fits.text}x` };

      await store.put({ ...key, body: fits });

      expect((await store.get(key))?.body).toEqual(fits);
      const refusal = { name: 'RECORD_INVALID', message: expect.stringContaining('358401 bytes') };
      await expect(store.put({ ...key, body: tooLarge })).rejects.toMatchObject(refusal);
      await expect(store.transact([{ ...key, body: tooLarge }])).rejects.toMatchObject(refusal);
      const tooMany = Array.from({ length: 12 }, (_, n) => ({ partition: 'p', sort: `${n}`, body: fits }));
      await expect(store.transact(tooMany)).rejects.toMatchObject({ name: 'RECORD_INVALID' });
      expect(await store.get(key)).toMatchObject({ revision: 1 });
    });

    it.each([
      ['an empty partition', { partition: '', sort: 's' }],
      ['an empty sort key', { partition: 'p', sort: '' }],
      ['half a surrogate pair', { partition: 'p', sort: '\ud83d' }],
      ['a NUL', { partition: 'p\0', sort: 's' }],
      ['a sort key over 1024 bytes', { partition: 'p', sort: 'é'.repeat(513) }],
      ['a partition over 2048 bytes', { partition: 'p'.repeat(2049), sort: 's' }],
    ])('refuses a key with %s', async (_, wrong) => {
      const refusal = { name: 'RECORD_INVALID' };

      await expect(store.get(wrong)).rejects.toMatchObject(refusal);
      await expect(store.put({ ...wrong, body: {} })).rejects.toMatchObject(refusal);
      await expect(store.put({ ...key, body: {}, index: wrong })).rejects.toMatchObject(refusal);
      await expect(store.transact([{ ...wrong, check: 'absent' }])).rejects.toMatchObject(refusal);
      expect(await store.get(key)).toBeUndefined();
    });

    it.each([
      ['NaN', { a: { b: [Number.NaN] } }, 'body.a.b[0]'],
      ['Infinity', { a: Number.POSITIVE_INFINITY }, 'body.a'],
      ['a date', JSON.parse('{}', () => ({ at: new Date(0) })), 'body.at'],
    ])('refuses %s rather than store something else, and names the place', async (_, body, path) => {
      await expect(store.put({ ...key, body })).rejects.toMatchObject({
        name: 'RECORD_INVALID',
        message: expect.stringContaining(path),
      });
    });

    it('refuses a cursor it never gave and a page of no size', async () => {
      for (const wrong of [
        { cursor: 'made up' },
        { cursor: '' },
        { limit: 0 },
        { limit: 1.5 },
        { partition: '' },
      ]) {
        await expect(store.query({ partition: 'p', ...wrong })).rejects.toMatchObject({
          name: 'RECORD_INVALID',
        });
      }
    });
  });
};
