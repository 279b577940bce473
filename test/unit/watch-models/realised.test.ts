import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { labelMetrics, laneDimensions, laneMetrics } from '../../../lib/wire/metrics.ts';
import {
  type Asked,
  baseline,
  hourMs,
  idAt,
  labelledWorld,
  model,
  momentsOf,
  startMs,
} from './labelled-world.ts';

type World = Awaited<ReturnType<typeof labelledWorld>>;

/** A tenth of the answers, "yes" all of them, is wrong: as on the validation rows. */
const asBefore = (asked: readonly Asked[]) =>
  asked.map((one, row) => ({ ...one, label: row % 10 === 0 ? 'no' : 'yes' }));
const inverted = (asked: readonly Asked[]) =>
  asked.map((one, row) => ({ ...one, label: row % 10 === 0 ? 'yes' : 'no' }));

const linesOf = async ({ objects }: World, key: string) =>
  gunzipSync(await objects.get(key))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const trainingKey = `incoming/${model}/from-labels/2026-01-06T000000.000Z.jsonl.gz`;

const ringing = async ({ alarms }: World) =>
  (await alarms.states(model)).find(({ lane }) => lane === 'realised-quality')?.state;

describe('a window whose labels have come', () => {
  test('is judged, written down for the next training, and read no more', async () => {
    const world = await labelledWorld();
    await world.tell(asBefore(await world.askDay(0, 200)));
    await world.passTo(1);

    const [found] = await world.look();

    expect(found).toMatchObject({
      outcome: 'judged',
      version: 1,
      rows: 200,
      labelledRows: 200,
      coverage: 1,
      measure: 'share of wrong answers',
      value: 0.1,
      reference: 0.1,
      estimated: expect.closeTo(0.1, 6),
      reliability: 'reliable',
      score: 0,
      trainingKey,
      trainingRows: 200,
    });
    const rows = await linesOf(world, trainingKey);
    expect(rows.slice(0, 2)).toEqual([
      { hours: 0, broken: 'no' },
      { hours: 1, broken: 'yes' },
    ]);
    expect(
      await world.looked({ objects: { ...world.objects, download: () => expect.fail('read again') } }),
    ).toEqual([]);
    expect(await world.known()).toEqual([found]);
  });

  test('has its point at the moment it is judged, and says how labels come', async () => {
    const world = await labelledWorld();
    await world.tell(asBefore(await world.askDay(0, 200)).slice(0, 180));
    await world.passTo(3);
    await world.look();

    const nowMs = world.clock.now();
    const at = (name: string, dimensions: Readonly<Record<string, string>>) =>
      world.metrics.total({ name, dimensions, from: nowMs, to: nowMs + 1 });
    const { count } = await at(laneMetrics.score, laneDimensions(model, 'realised-quality', 1));
    expect(count).toBe(1);
    expect(await at(labelMetrics.coverage, { model })).toEqual({ sum: 0.9, count: 1 });
    expect((await at(labelMetrics.delayHours, { model })).count).toBe(1);
  });

  test('three of them in one look, their concept turned around, ring as three, and estimates are unreliable', async () => {
    const world = await labelledWorld();
    for (const day of [0, 1, 2]) await world.tell(inverted(await world.askDay(day, 200)));
    await world.passTo(5);

    const found = await world.look();

    expect(found.map(({ score, reliability }) => [(score ?? 0) > 1, reliability])).toEqual(
      new Array(3).fill([true, 'unreliable']),
    );
    expect(await ringing(world)).toBe('alarm');
  });

  test('two of them that are judged on one day, look after look, ring as two', async () => {
    const world = await labelledWorld();
    const days = [await world.askDay(0, 200), await world.askDay(1, 200)];
    await world.passTo(5);
    for (const asked of days) {
      await world.tell(inverted(asked));
      await world.look();
    }

    expect((await world.known()).map(({ pointAt }) => pointAt?.slice(0, 10))).toEqual([
      '2026-01-09',
      '2026-01-10',
    ]);
    expect(await ringing(world)).toBe('alarm');
  });

  test('one bad window alone rings nothing', async () => {
    const world = await labelledWorld();
    await world.tell(inverted(await world.askDay(0, 200)));
    await world.tell(asBefore(await world.askDay(1, 200)));
    await world.passTo(5);
    await world.look();

    expect(await ringing(world)).toBe('ok');
  });

  test('is the same whatever order labels come in, and however often', async () => {
    const asked = async (world: World) => asBefore(await world.askDay(0, 100));
    const corrections = (told: Awaited<ReturnType<typeof asked>>) =>
      told.slice(0, 30).map((one) => ({ ...one, label: 'no', changes: { at: '2026-01-05T12:00:00.000Z' } }));

    const one = await labelledWorld();
    const told = await asked(one);
    await one.tell(told);
    await one.tell(corrections(told));
    await one.passTo(1);
    const other = await labelledWorld();
    await asked(other);
    await other.tell(corrections(told).toReversed());
    await other.tell(told.toReversed());
    await other.tell(corrections(told));
    await other.passTo(1);

    const [{ seen: _, seenBytes: _bytes, ...first } = { seen: '' }] = await one.look();
    const [{ seen: __, seenBytes: __bytes, ...second } = { seen: '' }] = await other.look();

    expect(second).toEqual(first);
    // Of the thirty, 27 had been "yes".
    expect(first).toMatchObject({ correctedLabels: 27, value: 0.37, labelledRows: 100 });
    expect(await other.objects.get(trainingKey)).toEqual(await one.objects.get(trainingKey));
  });
});

describe('labels that are late, missing or wrong', () => {
  test('a window waits, is read again only when more came, and is judged when the time labels take is over', async () => {
    const world = await labelledWorld();
    const first = asBefore(await world.askDay(0, 200));
    await world.passTo(1);
    await world.tell(first);
    await world.look();
    const second = asBefore(await world.askDay(1, 200));
    await world.passTo(2);
    await world.tell(second.slice(0, 100));

    expect(await world.look()).toMatchObject([{ outcome: 'waiting', coverage: 0.5 }]);
    expect(await world.look()).toEqual([]);
    // Labels of the first day took a day and an hour, at most.
    await world.passTo(3, 2);

    expect(await world.look()).toMatchObject([{ outcome: 'judged', coverage: 0.5, trainingRows: 100 }]);
  });

  test('one without any in the usual time is unknown, and is judged when they come after all', async () => {
    const world = await labelledWorld();
    await world.tell(asBefore(await world.askDay(0, 200)));
    const second = asBefore(await world.askDay(1, 200));
    await world.passTo(1);
    await world.look();
    await world.passTo(4);

    expect(await world.look()).toMatchObject([
      { outcome: 'unknown', labelledRows: 0, because: 'no label came in the usual time' },
    ]);
    expect(await world.look()).toEqual([]);
    await world.tell(second);
    expect(await world.look()).toMatchObject([{ outcome: 'judged', labelledRows: 200 }]);
  });

  test('nothing is known and nothing is read while there is no label at all', async () => {
    const world = await labelledWorld();
    await world.askDay(0, 200);
    await world.passTo(9);

    expect(
      await world.looked({ objects: { ...world.objects, download: () => expect.fail('read') } }),
    ).toEqual([]);
    expect(await world.known()).toEqual([]);
  });

  test('a label that came before its prediction landed waits for it', async () => {
    const world = await labelledWorld();
    const early = momentsOf(0, 40).map((one) => ({ ...one, label: 'yes' }));
    await world.tell(early);
    await world.passTo(1);
    expect(await world.look()).toEqual([]);

    await world.askDay(0, 40);

    expect(await world.look()).toMatchObject([{ outcome: 'judged', labelledRows: 40, unknownLabels: 0 }]);
  });

  test('labels that name no prediction are counted and judged by nobody', async () => {
    const world = await labelledWorld();
    const asked = await world.askDay(0, 100);
    const strangers = Array.from({ length: 7 }, (_, row) => {
      const atMs = startMs + 2 * hourMs + row;
      return { id: idAt(atMs, 900 + row), atMs, label: 'no' };
    });
    await world.tell([...asBefore(asked), ...strangers]);
    await world.passTo(1);

    expect(await world.look()).toMatchObject([{ unknownLabels: 7, labelledRows: 100, value: 0.1 }]);
  });

  test('a file of labels that is torn is left out and told', async () => {
    const world = await labelledWorld();
    await world.tell(asBefore(await world.askDay(0, 200)));
    const torn = `labelled/model=${model}/dt=2026-01-05/hour=03/torn.ndjson.gz`;
    await world.objects.putIfAbsent(torn, gzipSync('{"half":').subarray(0, 12));
    await world.passTo(1);

    expect(await world.look()).toMatchObject([{ outcome: 'judged', labelledRows: 200 }]);
    const [{ notification } = expect.fail('nobody was told')] = world.notifier.inbox(1);
    expect(notification.text).toContain(torn);
  });
});

describe('rows to train on', () => {
  test('labels by key join the rows that carry it', async () => {
    const world = await labelledWorld({ key: ['hours'] });
    await world.askDay(0, 100);
    await world.tellKeyed(
      Array.from({ length: 90 }, (_, row) => ({ key: { hours: String(row) }, label: 'yes' })),
    );
    await world.passTo(1);

    expect(await world.look()).toMatchObject([{ labelledRows: 90, value: 0, trainingRows: 90 }]);
  });

  test.each([
    ['the owner does not want it', { monitor: { trainOnLabels: false } }, 'monitor.trainOnLabels is false'],
    [
      'a column is hashed',
      { monitor: { sensitiveColumns: ['hours'] } },
      'hours: not captured as they were sent',
    ],
    ['the expression’s columns are not known', { target: { sql: 'late > 15' } }, 'no dataset says'],
  ])('are none where %s, and the record says so', async (_, changes, because) => {
    const world = await labelledWorld(changes);
    await world.tell(asBefore(await world.askDay(0, 200)));
    await world.passTo(1);

    const [found] = await world.look();

    expect(found).toMatchObject({ outcome: 'judged', because: expect.stringContaining(because) });
    expect(found?.trainingKey).toBeUndefined();
    expect((await world.objects.list('incoming/')).objects).toEqual([]);
  });

  test('who dies before the record is kept is gone on from: twice is once', async () => {
    const world = await labelledWorld();
    const told = asBefore(await world.askDay(0, 200));
    await world.tell(told.slice(0, 180));
    await world.passTo(1);
    const dying = { ...world.registry, putRealisedWindow: () => Promise.reject(new Error('died')) };
    await expect(world.looked({ registry: dying })).rejects.toThrow('died');
    // Meanwhile more have come, which what was dropped does not have.
    await world.tell(told.slice(180));

    const [found] = await world.look();

    expect(found).toMatchObject({ outcome: 'judged', labelledRows: 200, trainingRows: 180 });
    expect(await linesOf(world, trainingKey)).toHaveLength(180);
  });

  test('a baseline of an earlier schema leaves the lane without a score, and its rows are trained on all the same', async () => {
    const { model: of, datasetVersion, rows, columns, label } = baseline;
    const world = await labelledWorld(
      {},
      { schemaVersion: 1, model: of, datasetVersion, rows, columns, label },
    );
    await world.tell(inverted(await world.askDay(0, 200)));
    await world.passTo(1);

    const [found] = await world.look();

    expect(found).toMatchObject({
      outcome: 'unknown',
      value: 0.9,
      because: expect.stringContaining('earlier schema'),
      trainingRows: 200,
    });
    expect(found?.score).toBeUndefined();
    expect(await ringing(world)).toBeUndefined();
  });
});
