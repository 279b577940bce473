import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failingRecords, PowerCut } from '../registry/support/failing-records.ts';
import { dropZone } from './support/drop-zone.ts';
import { laggingRecords } from './support/lagging-records.ts';

const quiet = { ingestion: { quietSeconds: 30 } };

describe('the event of a dropped file', () => {
  it('counts once, however often it is delivered', async () => {
    const zone = dropZone();
    await zone.describeModel(quiet);
    zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');

    const outcomes = [];
    for (let time = 0; time < 3; time += 1) outcomes.push(await zone.tell('incoming/penguins/week-1.csv'));
    await zone.collect();
    outcomes.push(await zone.tell('incoming/penguins/week-1.csv'));

    expect(outcomes.map((outcome) => outcome.outcome === 'noted' && outcome.isNew)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(await zone.batches()).toEqual([['week-1.csv']]);
    expect(zone.runs()).toHaveLength(1);
  });

  it('that comes late finds the newer content, and the older one is never taken', async () => {
    const zone = dropZone();
    await zone.describeModel(quiet);
    zone.put('incoming/penguins/week-1.csv', 'broken');
    zone.put('incoming/penguins/week-1.csv', 'corrected, and longer');

    await zone.tell('incoming/penguins/week-1.csv');
    await zone.tell('incoming/penguins/week-1.csv');
    await zone.collect();

    const [batch] = await zone.services.registry.listBatches('penguins');
    expect(batch?.arrivals.map(({ sizeBytes }) => sizeBytes)).toEqual(['corrected, and longer'.length]);
  });

  it('of an object that is gone again is no fault', async () => {
    const zone = dropZone();

    expect(await zone.tell('incoming/penguins/week-1.csv')).toEqual({ outcome: 'gone' });
  });

  it.each([
    'incoming/penguins/Woche 1 (endgültig).csv',
    'incoming/penguins/a+b=c&d%20e.csv',
    'incoming/penguins/企鹅/数据 🐧.csv',
  ])('carries the key as people wrote it: %s', async (key) => {
    const zone = dropZone();
    await zone.describeModel(quiet);
    zone.put(key, 'a,b\n1,2\n');

    expect(await zone.tell(key)).toEqual({ outcome: 'noted', isNew: true });
    await zone.collect();

    expect(await zone.batches()).toEqual([[path.basename(key)]]);
  });

  it.each([
    'incoming/penguins/a\\b.csv',
    'incoming/penguins/a\nb.csv',
    'incoming/penguins//a.csv',
    `incoming/penguins/${'x'.repeat(300)}.csv`,
  ])('with a key that no store could hold is refused and said, not tried for ever: %s', async (key) => {
    const zone = dropZone();

    expect(await zone.tell(key)).toMatchObject({ outcome: 'refused' });
    expect(zone.told).toMatchObject([{ model: 'penguins', text: expect.stringContaining('object key') }]);
  });

  it('of a model.json that no record can hold is refused and said, not tried for ever', async () => {
    const zone = dropZone();
    const names = Array.from({ length: 5000 }, (_, column) => `${'x'.repeat(80)}-${column}`);

    await zone.describeModel({ columns: Object.fromEntries(names.map((name) => [name, 'number'])) });

    expect(zone.told).toMatchObject([
      { kind: 'spec-refused', text: expect.stringContaining('bytes, at most') },
    ]);
    expect(await zone.services.registry.findSpec('penguins')).toBeUndefined();
  });

  it('of a folder, as the console of S3 makes them, says nothing to anybody', async () => {
    const zone = dropZone();

    expect(await zone.tell('incoming/penguins/2026/')).toEqual({ outcome: 'ignored' });
    expect(zone.told).toEqual([]);
  });
});

describe('the same content dropped again under the same key', () => {
  it('is a new arrival, in whatever precision a store tells of time', async () => {
    const zone = dropZone();
    await zone.describeModel(quiet);
    zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');
    const head = await zone.objects.head('incoming/penguins/week-1.csv');
    const etag = head?.etag ?? '';
    // The etag of S3 is a hash of the content: the store of a laptop says more, so both drops are told with one etag.
    const seenAs = (modifiedAt: string) =>
      zone.services.registry.noteArrival({
        model: 'penguins',
        key: 'incoming/penguins/week-1.csv',
        etag,
        sizeBytes: 8,
        modifiedAt,
      });

    const first = await seenAs('2026-01-05T09:00:00.000Z');
    const sameInOtherPrecision = await seenAs('2026-01-05T09:00:00.400Z');
    await zone.services.registry.closeBatch('penguins', 'batch-1', [first.arrival]);
    const again = await seenAs('2026-01-06T09:00:00.000Z');

    expect([first.isNew, sameInOtherPrecision.isNew, again.isNew]).toEqual([true, false, true]);
    const pending = await zone.services.registry.pendingArrivals('penguins');
    expect(pending.map(({ modifiedAt }) => modifiedAt)).toEqual(['2026-01-06T09:00:00.000Z']);
  });
});

describe('a mark that the batch is complete', () => {
  it('takes what stands beside it, though its event overtook theirs', async () => {
    const zone = dropZone();
    await zone.describeModel({ ingestion: { quietSeconds: 3600 } });
    zone.put('incoming/penguins/2026/part-1.csv', 'a,b\n1,2\n');
    zone.put('incoming/penguins/2026/part-2.csv', 'a,b\n3,4\n');
    zone.put('incoming/penguins/2026/_SUCCESS', '');

    await zone.tell('incoming/penguins/2026/_SUCCESS');
    await zone.collect();
    await zone.tell('incoming/penguins/2026/part-1.csv');
    await zone.tell('incoming/penguins/2026/part-2.csv');
    await zone.collect();

    expect(await zone.batches()).toEqual([['_SUCCESS', 'part-1.csv', 'part-2.csv']]);
    expect(zone.runs()).toHaveLength(1);
  });
});

describe('where lists lag behind', () => {
  const lagging = (lagMs: number) =>
    dropZone({
      listsLagMs: 3000,
      recordsOver: (records, { clock }) => laggingRecords(records, { clock, lagMs }),
    });

  it('a file just noted is collected, though no list shows it yet', async () => {
    const zone = lagging(2500);
    await zone.describeModel(quiet);
    zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');

    await zone.tell('incoming/penguins/week-1.csv');
    expect(zone.collections()).toHaveLength(1);
    await zone.collect();

    expect(await zone.batches()).toEqual([['week-1.csv']]);
  });

  it('a mark still takes every file that was noted before it', async () => {
    const zone = lagging(2500);
    await zone.describeModel({ ingestion: { quietSeconds: 3600 } });
    zone.put('incoming/penguins/part-1.csv', 'a,b\n1,2\n');
    zone.put('incoming/penguins/part-2.csv', 'a,b\n3,4\n');
    zone.put('incoming/penguins/_SUCCESS', '');

    for (const name of ['part-1.csv', '_SUCCESS', 'part-2.csv']) await zone.tell(`incoming/penguins/${name}`);
    await zone.collect();

    expect(await zone.batches()).toEqual([['_SUCCESS', 'part-1.csv', 'part-2.csv']]);
  });

  it('a file that arrives while a batch closes is collected next', async () => {
    const zone = lagging(2500);
    await zone.describeModel(quiet);
    zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');
    await zone.tell('incoming/penguins/week-1.csv');
    await zone.clock.sleep(30_000);
    zone.put('incoming/penguins/week-2.csv', 'a,b\n3,4\n');
    await zone.tell('incoming/penguins/week-2.csv');

    expect(zone.collections()).toHaveLength(1);
    await zone.collect();

    expect((await zone.batches()).flat().toSorted()).toEqual(['week-1.csv', 'week-2.csv']);
    expect(await zone.services.registry.pendingArrivals('penguins')).toEqual([]);
  });

  it('data that came just before its model.json is not forgotten', async () => {
    const zone = lagging(2500);
    zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');
    await zone.tell('incoming/penguins/week-1.csv');

    await zone.describeModel(quiet);
    await zone.collect();

    expect(await zone.batches()).toEqual([['week-1.csv']]);
  });
});

describe('a function that dies', () => {
  it.each([1, 2, 3, 4])(
    'at write %i of noting a file finds its way when the event comes again',
    async (write) => {
      const zone = dropZone();
      await zone.describeModel(quiet);
      zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');

      for (const moment of ['before', 'after'] as const) {
        const dying = failingRecords(zone.records, write, moment);
        const outcome = zone.tell('incoming/penguins/week-1.csv', zone.withRecords(dying.records));
        await outcome.catch((error: unknown) => expect(error).toBeInstanceOf(PowerCut));
      }
      await zone.tell('incoming/penguins/week-1.csv');
      await zone.collect();

      expect(await zone.batches()).toEqual([['week-1.csv']]);
      expect(zone.runs()).toHaveLength(1);
    },
  );
});

describe('a batch that takes long to copy', () => {
  const zoneWith = async (names: readonly string[]) => {
    const zone = dropZone();
    await zone.describeModel(quiet);
    for (const name of names) {
      zone.put(`incoming/penguins/${name}`, `a,b\n1,${name}\n`);
      await zone.tell(`incoming/penguins/${name}`);
    }
    return zone;
  };
  const tooLate = new Error('it was stopped after 895 s, all the time it has');

  it('goes on in the next try where time was up, and reads no file twice', async () => {
    const zone = await zoneWith(['week-1.csv', 'week-2.csv', 'week-3.csv']);
    const copied: string[] = [];
    let time = new AbortController();
    const { download } = zone.services.objects;
    zone.services.objects.download = async (key, ...rest) => {
      const head = await download(key, ...rest);
      copied.push(path.basename(key));
      return head;
    };
    const { putIfAbsent } = zone.services.objects;
    zone.services.objects.putIfAbsent = async (...put) => {
      const outcome = await putIfAbsent(...put);
      time.abort(tooLate);
      return outcome;
    };

    const nextTry = () => {
      time = new AbortController();
      return time.signal;
    };
    await zone.collect({ signal: nextTry });

    expect(copied.toSorted()).toEqual(['week-1.csv', 'week-2.csv', 'week-3.csv']);
    expect(await zone.batches()).toEqual([['week-1.csv', 'week-2.csv', 'week-3.csv']]);
    expect(zone.runs()).toHaveLength(1);
  });

  it('fails, and says how long it had, when one file alone takes longer', async () => {
    const zone = await zoneWith(['week-1.csv']);
    await zone.clock.sleep(30_000);

    await expect(zone.collect({ signal: () => AbortSignal.abort(tooLate) })).rejects.toBe(tooLate);

    expect(await zone.services.registry.pendingArrivals('penguins')).toHaveLength(1);
  });
});

describe('more files than one record of a batch can name', () => {
  it('become as many batches as it takes, each file in one of them', async () => {
    const zone = dropZone();
    await zone.describeModel(quiet);
    const folder = `incoming/penguins/${'x'.repeat(250)}/${'y'.repeat(250)}/${'z'.repeat(250)}`;
    const files = Array.from({ length: 400 }, (_, file) => `week-${file}.csv`);
    for (const file of files) zone.put(`${folder}/${file}`, 'a,b\n1,2\n');
    zone.put(`${folder}/_SUCCESS`, '');

    await zone.tell(`${folder}/_SUCCESS`);
    await zone.collect();

    const batches = await zone.batches();
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat().toSorted()).toEqual([...files, '_SUCCESS'].toSorted());
    expect(await zone.services.registry.pendingArrivals('penguins')).toEqual([]);
  });
});
