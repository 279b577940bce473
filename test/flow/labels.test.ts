import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
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

const refusals = (home: TestLaptop) => home.messages('lamps').filter(({ kind }) => kind === 'data-refused');

describe('labels that come late', () => {
  test('repeated, corrected, out of order, of unknown ids and by key lie under the hour of their prediction', async () => {
    const { home, clock, watch } = await serving();
    const [first = '', second = ''] = await ask(home, 3);
    const askedMs = clock.now();
    // What callers sent along to name the row is captured, and was never asked of the model.
    const captured = await linesUnder(home, 'captured/');
    expect(captured.map((record) => Reflect.get(record, 'features')).at(0)).toMatchObject({
      serial: 'L5000',
    });
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
});
