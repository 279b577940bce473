import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isCaptured } from '../../../lib/domain/labels/index.ts';
import { type Asked, hourMs, idAt, labelledWorld, model, startMs } from './labelled-world.ts';

type World = Awaited<ReturnType<typeof labelledWorld>>;

const asBefore = (asked: readonly Asked[]) =>
  asked.map((one, row) => ({ ...one, label: row % 10 === 0 ? 'no' : 'yes' }));
const inverted = (asked: readonly Asked[]) =>
  asked.map((one, row) => ({ ...one, label: row % 10 === 0 ? 'yes' : 'no' }));

/** As the intake leaves it: a file was taken whose oldest prediction was made then. */
const fileTaken = async ({ registry }: World, oldestMs: number | undefined) => {
  const file = { model, key: `labels/${model}/late.csv`, etag: 'e', sizeBytes: 9 };
  await registry.noteLabelFile(file);
  await registry.closeLabelIntake(model, [
    {
      ...file,
      rows: 1,
      taken: 1,
      refused: 0,
      ...(oldestMs !== undefined && { oldestAt: new Date(oldestMs).toISOString() }),
    },
  ]);
};

const linesOf = async ({ objects }: World, key: string) =>
  gunzipSync(await objects.get(key))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What a look reads of captured predictions and of labels. */
const readingOf = async (world: World): Promise<readonly string[]> => {
  const read: string[] = [];
  const objects = {
    ...world.objects,
    download: (...request: Parameters<typeof world.objects.download>) => {
      read.push(request[0]);
      return world.objects.download(...request);
    },
  };
  await world.looked({ objects });
  return read;
};

describe('labels that take months', () => {
  test('are joined from the first one on', async () => {
    const world = await labelledWorld();
    const asked = await world.askDay(0, 200);
    await world.passTo(1);
    await world.look();
    await world.passTo(60);
    await world.tell(asBefore(asked));
    await fileTaken(world, startMs);

    expect(await world.look()).toMatchObject([{ outcome: 'judged', labelledRows: 200 }]);
  });

  test('by key are joined too, while nobody knows how long they take', async () => {
    const world = await labelledWorld({ key: ['hours'] });
    await world.askDay(0, 100);
    await world.passTo(60);
    await world.tellKeyed(
      Array.from({ length: 100 }, (_, row) => ({ key: { hours: String(row) }, label: 'yes' })),
    );
    await fileTaken(world, undefined);

    expect(await world.look()).toMatchObject([{ outcome: 'judged', labelledRows: 100 }]);
  });

  test('by key are more than can be held at once, and no look dies of them', async () => {
    const world = await labelledWorld({ key: ['hours'] });
    await world.askDay(0, 100);
    await world.tellKeyed([{ key: { hours: '1' }, label: 'yes' }]);
    await world.passTo(1);
    const heavy = {
      ...world.objects,
      list: async (...request: Parameters<typeof world.objects.list>) => {
        const page = await world.objects.list(...request);
        return { ...page, objects: page.objects.map((head) => ({ ...head, sizeBytes: 1e9 })) };
      },
      download: () => expect.fail('read'),
    };

    expect(await world.looked({ objects: heavy })).toMatchObject([
      { outcome: 'unknown', because: expect.stringContaining('expected predictionIds') },
    ]);
    expect(await world.looked({ objects: heavy })).toEqual([]);
  });

  test('leave a window that has some of them open until its time is over', async () => {
    const world = await labelledWorld();
    const asked = asBefore(await world.askDay(0, 200));
    await world.passTo(12);
    await world.tell(asked.slice(0, 100));
    expect(await world.look()).toMatchObject([{ outcome: 'waiting', labelledRows: 100 }]);

    // Twice what they took so far.
    await world.passTo(26);

    expect(await world.look()).toMatchObject([{ outcome: 'judged', labelledRows: 100 }]);
  });

  test('find a window whose predictions are gone unknown, and say so', async () => {
    const world = await labelledWorld();
    const asked = await world.askDay(0, 200);
    const { objects } = await world.objects.list('captured/');
    await world.tell(asBefore(asked));
    await world.passTo(1);
    const gone = {
      ...world.objects,
      list: async (...request: Parameters<typeof world.objects.list>) => {
        const page = await world.objects.list(...request);
        return { ...page, objects: page.objects.filter(({ key }) => !key.startsWith('captured/')) };
      },
    };

    expect(objects).not.toEqual([]);
    expect(await world.looked({ objects: gone })).toMatchObject([
      { outcome: 'unknown', rows: 200, because: 'the 200 prediction(s) that were captured are gone' },
    ]);
  });
});

describe('a window that waits while labels trickle in', () => {
  test('is not read with every file, and is judged as soon as enough have come', async () => {
    const world = await labelledWorld();
    const told = asBefore(await world.askDay(0, 1000));
    await world.passTo(1);
    let readings = 0;
    let judgedAt: number | undefined;
    for (let at = 0; at < 1000 && judgedAt === undefined; at += 10) {
      await world.tell(told.slice(at, at + 10));
      const read = await readingOf(world);
      readings += read.length > 0 ? 1 : 0;
      const [known] = await world.known();
      judgedAt = known?.judgedAt === undefined ? undefined : at + 10;
    }

    // Eighty files, which by their sizes hold what they hold within some percent.
    expect(judgedAt).toBeGreaterThanOrEqual(800);
    expect(judgedAt).toBeLessThan(900);
    expect(readings).toBeLessThan(30);
  });

  test('is told of day by day all the same', async () => {
    const world = await labelledWorld();
    const told = asBefore(await world.askDay(0, 200));
    await world.passTo(1);
    await world.tell(told.slice(0, 100));
    await world.look();
    await world.tell(told.slice(100, 101));

    expect(await world.look()).toEqual([]);
    await world.passTo(2);
    expect(await world.look()).toMatchObject([{ outcome: 'waiting', labelledRows: 101 }]);
  });
});

describe('labels of other predictions', () => {
  /** What another version answered in the hours of the first day, or the champion before. */
  const answered = async ({ objects }: World, changes: object, numbers: readonly number[]) => {
    const atMs = startMs + hourMs;
    const asked = numbers.map((number) => ({ id: idAt(atMs + number, number), atMs: atMs + number }));
    const lines = asked.map(({ id, atMs: at }) =>
      JSON.stringify({
        predictionId: id,
        model,
        version: 1,
        role: 'champion',
        at: new Date(at).toISOString(),
        features: { hours: 1 },
        output: { label: 'no', probability: 0.1 },
        latencyMs: 1,
        ...changes,
      }),
    );
    const key = `captured/model=${model}/dt=2026-01-05/hour=01/${numbers[0]}.ndjson.gz`;
    await objects.putIfAbsent(key, gzipSync(lines.join('\n')));
    return asked;
  };

  test('of a canary, a version asked for by number, or the champion before are neither counted nor unknown', async () => {
    const world = await labelledWorld();
    const told = asBefore(await world.askDay(0, 100));
    const others = [
      ...(await answered(world, { version: 2, role: 'canary' }, [700, 701])),
      ...(await answered(world, { version: 2 }, [710])),
      ...(await answered(world, { role: 'named' }, [720])),
    ];
    await world.tell([...told, ...others.map((one) => ({ ...one, label: 'yes' }))]);
    await world.tell([{ id: idAt(startMs + hourMs, 999), atMs: startMs + hourMs, label: 'yes' }]);
    await world.passTo(1);

    expect(await world.look()).toMatchObject([
      { rows: 100, labelledRows: 100, value: 0.1, unknownLabels: 1 },
    ]);
  });

  test('of what was not captured then are not unknown, whatever share is captured now', async () => {
    const world = await labelledWorld();
    const asked = await world.askDay(0, 400);
    const [window] = await world.registry.listWindows(model);
    if (window === undefined) throw new Error('no window');
    // A tenth was captured: the others were asked as well, and labelled.
    const uncaptured = Array.from({ length: 2000 }, (_, row) => {
      const atMs = startMs + 2 * hourMs + row;
      return { id: idAt(atMs, 5000 + row), atMs, label: 'yes' };
    }).filter(({ id }) => !isCaptured(id, 0.1));
    await world.tell([...asBefore(asked), ...uncaptured]);
    await world.passTo(1);
    const registry = {
      ...world.registry,
      listWindows: async () => [{ ...window, predictions: 4000 }],
    };

    expect(await world.looked({ registry })).toMatchObject([{ labelledRows: 400, unknownLabels: 0 }]);
  });
});

describe('a look that dies over a bad window', () => {
  test.each(['before the point is written', 'after it'])(
    '%s leaves one point, and rings nothing',
    async (when) => {
      const world = await labelledWorld();
      await world.tell(inverted(await world.askDay(0, 200)));
      await world.passTo(2);
      const dying = {
        ...world.metrics,
        put: async (...points: Parameters<typeof world.metrics.put>) => {
          if (when === 'after it') await world.metrics.put(...points);
          throw new Error('died');
        },
      };
      await expect(world.looked({ metrics: dying })).rejects.toThrow('died');
      await world.passTo(3, 5);

      expect(await world.look()).toMatchObject([
        { outcome: 'judged', score: expect.any(Number), pointAt: '2026-01-07T01:00:00.000Z' },
      ]);
      expect(await world.look()).toEqual([]);
      expect((await world.known())[0]?.judgedAt).toBe('2026-01-08T05:00:00.000Z');
      const states = await world.alarms.states(model);
      expect(states.find(({ lane }) => lane === 'realised-quality')?.state).not.toBe('alarm');
    },
  );
});

describe('two looks at once', () => {
  test('give a window one point, at the moment of the first', async () => {
    const world = await labelledWorld();
    await world.tell(inverted(await world.askDay(0, 200)));
    await world.passTo(2);
    // Another has kept the moment of the point by the time this one comes to it, and writes the point there.
    let isFirst = true;
    const overtaken = {
      ...world.registry,
      findRealisedWindow: async (...request: Parameters<typeof world.registry.findRealisedWindow>) => {
        if (isFirst) {
          isFirst = false;
          await world.passTo(3);
          const stopped = { ...world.metrics, put: () => Promise.reject(new Error('later')) };
          await expect(world.looked({ metrics: stopped })).rejects.toThrow('later');
        }
        return world.registry.findRealisedWindow(...request);
      },
    };
    const found = await world.looked({ registry: overtaken });

    expect(found.map(({ pointAt }) => pointAt)).toEqual(['2026-01-08T01:00:00.000Z']);
    const [known] = await world.known();
    expect(known?.pointAt).toBe('2026-01-08T01:00:00.000Z');
    const states = await world.alarms.states(model);
    expect(states.find(({ lane }) => lane === 'realised-quality')?.state).not.toBe('alarm');
  });
});

describe('rows to train on', () => {
  test('of a row that was predicted twice are one', async () => {
    const world = await labelledWorld({ key: ['lamp'] });
    const asked = await world.askDay(0, 100, { lamp: 'L1' });
    await world.tell(asBefore(asked));
    await world.passTo(1);

    const [found] = await world.look();

    expect(found).toMatchObject({ labelledRows: 100, trainingRows: 1 });
    expect(await linesOf(world, found?.trainingKey ?? '')).toEqual([{ hours: 0, lamp: 'L1', broken: 'no' }]);
  });

  test('have no hash for their key or their time', async () => {
    const world = await labelledWorld({
      key: ['lamp'],
      eventTime: 'seen',
      monitor: { sensitiveColumns: ['lamp', 'seen'] },
    });
    const [first, ...others] = await world.askDay(0, 100, { lamp: 'f00d', seen: 'beef' });
    await world.tell(asBefore([first ?? expect.fail('nobody asked'), ...others]));
    await world.passTo(1);

    const [found] = await world.look();
    const [row] = await linesOf(world, found?.trainingKey ?? '');

    expect(found).toMatchObject({ trainingRows: 100 });
    expect(row).toEqual({ hours: 0, broken: 'no', lamp: first?.id, seen: '2026-01-05T00:00:00.000Z' });
  });
});
