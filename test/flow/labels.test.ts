import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { run as receiveObject } from '../../lambdas/receive-object/handler.ts';
import { run as watchModels } from '../../lambdas/watch-models/handler.ts';
import type { LabelLine } from '../../lib/domain/labels/index.ts';
import { manualClock } from '../support/index.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests, type TestLaptop } from './support/index.ts';

const hourMs = 3_600_000;

/** Lamps with a number on each, which names the row. */
const numbered = (count: number, from = 0) =>
  lamps(count, from).map((lamp, index) => ({ serial: `L${from + index}`, ...lamp }));

/** A model that serves, whose rows have a key. */
const serving = async (changes: object = {}, rows: readonly object[] = numbered(300)) => {
  const clock = manualClock();
  const home = await laptopForTests({ clock });
  const spec = lampSpec({ approval: { policy: 'automatic' }, key: ['serial'], ...changes });
  await home.drop('lamps/model.json', spec);
  await home.drop('lamps/monday.csv', csv(rows));
  await home.drop('lamps/monday._SUCCESS', '');
  await home.endOfRun('lamps');
  return { home, clock, watch: () => watchModels({}, { ...home.laptop, stuckAfterHours: 24 }) };
};

/** Asks about so many lamps; the ids of the answers. */
const ask = async (home: TestLaptop, count: number): Promise<readonly string[]> => {
  const rows = numbered(count, 5000).map(({ broken: _, ...lamp }) => lamp);
  const { status, body } = await home.predict('lamps', { rows });
  expect(status, JSON.stringify(body)).toBe(200);
  await home.predictions.flush();
  return body.predictions.map(({ predictionId }: { predictionId: string }) => predictionId);
};

const post = (home: TestLaptop, body: unknown) => home.post('/models/lamps/labels', body);

/** What the drop zone's watcher does in its own time. */
const noted = (home: TestLaptop, files: number) =>
  eventually('the labels to be noted', async () => {
    const waiting = await home.laptop.registry.pendingLabelFiles('lamps');
    return waiting.length === files ? waiting : undefined;
  });

const linesUnder = async (home: TestLaptop, prefix: string): Promise<readonly LabelLine[]> => {
  const lines: LabelLine[] = [];
  for (const key of await home.keysUnder(prefix)) {
    const bytes = await home.laptop.objects.get(key);
    const text = key.endsWith('.gz') ? gunzipSync(bytes).toString() : new TextDecoder().decode(bytes);
    for (const line of text.trimEnd().split('\n')) lines.push(JSON.parse(line));
  }
  return lines;
};
const isoAt = (atMs: number): string => new Date(atMs).toISOString();

/** Drops a file of labels, as a person does, and waits until it was seen. */
const dropLabels = async (home: TestLaptop, name: string, content: string | Uint8Array) => {
  const before = (await home.laptop.registry.pendingLabelFiles('lamps')).length;
  await home.laptop.objects.putIfAbsent(`labels/lamps/${name}`, content);
  await noted(home, before + 1);
};

const refusals = (home: TestLaptop) => home.messages('lamps').filter(({ kind }) => kind === 'data-refused');

describe('labels that come late', () => {
  test('repeated, corrected, out of order, of unknown ids and by key lie under the hour of their prediction', async () => {
    const { home, clock, watch } = await serving();
    const [first = '', second = ''] = await ask(home, 3);
    const askedMs = clock.now();
    const unknown = `${first.slice(0, 10)}zzzzzzzzzzzzzzzz`;
    await clock.advance(50 * hourMs);
    const came = `${isoAt(clock.now()).slice(0, 16)}:00.000Z`;
    const [monday, tuesday] = [isoAt(askedMs + 24 * hourMs), isoAt(askedMs + 48 * hourMs)];

    const request = {
      labels: [
        { predictionId: first, label: 'no', at: tuesday },
        { predictionId: second, broken: 'yes' },
      ],
    };
    const posted = await post(home, request);
    const again = await post(home, request);
    const earlier = await post(home, { predictionId: first, label: 'yes', at: monday });
    const others = await post(home, [
      { predictionId: unknown, label: 'no' },
      { serial: 'L5002', label: 'yes' },
    ]);
    await noted(home, 3);
    await watch();
    await watch();

    expect(posted).toMatchObject({ status: 202, body: { model: 'lamps', taken: 2 } });
    expect(posted.body.file).toMatch(/^labels\/lamps\/posted\/[0-9a-f]{64}\.jsonl$/);
    expect(again.body).toEqual(posted.body);
    expect([earlier.status, others.status]).toEqual([202, 202]);
    const asked = isoAt(askedMs);
    const hour = `labelled/model=lamps/dt=${asked.slice(0, 10)}/hour=${asked.slice(11, 13)}/`;
    const byId = await linesUnder(home, hour);
    expect(byId.map(({ predictionId, label, at }) => [predictionId, label, at]).toSorted()).toEqual(
      [
        [first, 'no', tuesday],
        [first, 'yes', monday],
        [second, 'yes', came],
        [unknown, 'no', came],
      ].toSorted(),
    );
    const byKey = await linesUnder(home, `labelled/model=lamps/keyed/dt=${came.slice(0, 10)}/`);
    expect(byKey).toMatchObject([
      {
        key: { serial: 'L5002' },
        label: 'yes',
        truth: { broken: 'yes' },
        at: came,
        receivedAt: isoAt(clock.now()),
      },
    ]);
    expect(await home.keysUnder('labelled/')).toHaveLength(2);
    expect(await home.laptop.registry.pendingLabelFiles('lamps')).toEqual([]);
    expect(refusals(home)).toEqual([]);
  });

  test('are found again by what callers sent along to name the row, which is captured and never asked of the model', async () => {
    const { home } = await serving();

    await ask(home, 2);

    const captured = await linesUnder(home, 'captured/');
    expect(captured.map((record) => Reflect.get(record, 'features')).toSorted()).toMatchObject([
      { serial: 'L5000' },
      { serial: 'L5001' },
    ]);
  });

  test('as CSV, gzipped, of many rows, are counted, and each bad row is kept with its reason and told of once', async () => {
    const { home, watch } = await serving();
    const ids = await ask(home, 6);
    const rows = [
      'predictionId,serial,label,at',
      `${ids[0]},,yes,`,
      `${ids[1]?.toUpperCase()},,no,`,
      ',,yes,',
      `${ids[2]},L5002,yes,`,
      `${ids[3]},,,`,
      `${ids[4]},,perhaps,`,
      'not-an-id,,yes,',
      `${ids[5]},,yes,the day after`,
      `${ids[5]},,yes,2999-01-01`,
      `${ids[5]},,"torn`,
    ];
    await dropLabels(home, 'week/monday.csv.gz', gzipSync(`${rows.join('\n')}\n`));

    await watch();
    await watch();

    const taken = await linesUnder(home, 'labelled/');
    expect(taken.map(({ predictionId, label }) => [predictionId, label])).toEqual([
      [ids[0], 'yes'],
      [ids[1], 'no'],
    ]);
    const [file] = await home.laptop.registry.listTakenLabelFiles('lamps');
    expect(file).toMatchObject({ key: 'labels/lamps/week/monday.csv.gz', rows: 10, taken: 2, refused: 8 });
    const refused = await linesUnder(home, 'quarantine/lamps/labels/');
    const because = refused.map((line) => [line.row, Reflect.get(line, 'because')]).toSorted();
    expect(Object.fromEntries(because)).toEqual({
      3: 'no predictionId or serial, expected one that names the row',
      4: 'a predictionId and serial, expected one of the two',
      5: 'no label',
      6: 'the label is no class of the model',
      7: 'predictionId is no id of a prediction',
      8: 'at is no moment, expected ISO 8601',
      9: 'at is in the future',
      10: expect.stringContaining('it cannot be read'),
    });
    expect(refusals(home)).toMatchObject([{ subject: '8 of 10 label(s) were refused' }]);
    expect(refusals(home)[0]?.text).toContain('quarantine/lamps/labels/');
  });

  test('in files that nobody can read stop no others, and are told of by name', async () => {
    const { home, watch } = await serving();
    const [id = ''] = await ask(home, 1);
    await dropLabels(home, 'notes.txt', 'broken lamps');
    await dropLabels(home, 'torn.parquet', 'PAR1 and no more');
    await dropLabels(home, 'empty.csv', '');
    await dropLabels(home, 'good.jsonl', `{"predictionId":"${id}","broken":"yes"}\n`);

    await watch();

    expect(await linesUnder(home, 'labelled/')).toMatchObject([{ predictionId: id, label: 'yes' }]);
    const files = await home.laptop.registry.listTakenLabelFiles('lamps');
    expect(
      Object.fromEntries(files.map(({ key, because, taken }) => [key.slice(13), because ?? taken])),
    ).toEqual({
      'notes.txt': expect.stringContaining('says nothing of its format'),
      'torn.parquet': expect.stringContaining('torn.parquet'),
      'empty.csv': expect.stringContaining('empty.csv'),
      'good.jsonl': 1,
    });
    expect(refusals(home)).toMatchObject([
      { subject: '0 of 1 label(s) were refused, and 3 file(s) could not be read' },
    ]);
  });

  test('wait while nothing serves, and under a name that no model has', async () => {
    const home = await laptopForTests({ isWatching: false });
    await home.drop('lamps/model.json', lampSpec());
    await home.tell('incoming/lamps/model.json');
    const outcomes = [];
    for (const key of ['labels/lamps/.hidden', 'labels/Not A Model/a.csv', 'labels/lamps/a.csv']) {
      await home.laptop.objects.putIfAbsent(key, 'serial,label\n1,yes\n').catch(() => undefined);
      outcomes.push((await receiveObject({ key, etag: 'x', sizeBytes: 1 }, home.laptop)).outcome);
    }

    await watchModels({}, { ...home.laptop, stuckAfterHours: 24 });

    expect(outcomes).toEqual(['ignored', 'refused', 'noted']);
    expect(await home.laptop.registry.pendingLabelFiles('lamps')).toMatchObject([
      { key: 'labels/lamps/a.csv' },
    ]);
    expect(await home.keysUnder('labelled/')).toEqual([]);
  });

  test('taken in by a process that dies are taken in again into the same objects, new files apart', async () => {
    const { home, watch } = await serving();
    const ids = await ask(home, 4);
    await dropLabels(home, 'one.jsonl', `{"predictionId":"${ids[0]}","label":"yes"}\n`);
    const { laptop } = home;
    const dying = {
      ...laptop,
      stuckAfterHours: 24,
      registry: { ...laptop.registry, closeLabelIntake: () => Promise.reject(new Error('died')) },
    };
    await expect(watchModels({}, dying)).rejects.toThrow('died');
    const before = await home.keysUnder('labelled/');
    await dropLabels(home, 'two.jsonl', `{"predictionId":"${ids[1]}","label":"no"}\n`);

    await Promise.all([watch(), watch()]);

    const after = await home.keysUnder('labelled/');
    expect(after).toEqual(expect.arrayContaining([...before]));
    expect(after).toHaveLength(2);
    expect(await linesUnder(home, 'labelled/')).toHaveLength(2);
    expect(await laptop.registry.pendingLabelFiles('lamps')).toEqual([]);
  });
});

describe('labels of a target that is made by SQL', () => {
  test('are worked out from the raw columns, which are kept, or told as they are', async () => {
    const raw = (count: number, from = 0) =>
      numbered(count, from).map(({ broken, ...lamp }) => ({ ...lamp, days: broken === 'yes' ? 30 : 2 }));
    const { home, watch } = await serving({ target: { sql: 'days > 15', name: 'late' } }, raw(300));
    const ids = await ask(home, 4);
    const rows = [
      { predictionId: ids[0], days: 20 },
      { predictionId: ids[1], days: '3' },
      { predictionId: ids[2], late: true },
      { predictionId: ids[3], days: null },
      { predictionId: ids[3], days: 40, label: false },
    ];
    await dropLabels(home, 'raw.json', JSON.stringify(rows));

    await watch();

    const taken = await linesUnder(home, 'labelled/');
    expect(taken.map(({ label, truth }) => [label, truth])).toEqual([
      ['true', { days: '20' }],
      ['false', { days: '3' }],
      ['true', {}],
    ]);
    const refused = await linesUnder(home, 'quarantine/lamps/labels/');
    expect(refused.map((line) => [line.row, Reflect.get(line, 'because')])).toEqual([
      [4, 'no label'],
      [5, 'two labels that differ in one row'],
    ]);
  });
});
