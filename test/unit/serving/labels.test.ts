import { describe, expect, it } from 'vitest';
import { flights, stage } from './stage.ts';

const id = '01m7z17cj7k7d20dgzm7d9bcrb';
const post = (body: unknown, spec: Record<string, unknown> = {}) => {
  const staged = stage([{ ...flights, spec }]);
  return { ...staged, answer: () => staged.post('/models/flight-delay/labels', body) };
};

describe('POST /models/{model}/labels', () => {
  it.each([
    ['an envelope', { labels: [{ predictionId: id, label: 'true' }] }],
    ['a bare array', [{ predictionId: id, label: 'true' }]],
    ['one bare label', { predictionId: id, label: 'true' }],
  ])('takes %s, with the moment it came', async (_, body) => {
    const { answer, objects } = post(body);

    const response = await answer();

    expect(response.status).toBe(202);
    const { file, ...rest } = (await response.json()) as { file: string };
    expect(rest).toEqual({ model: 'flight-delay', taken: 1 });
    expect(file).toMatch(/^labels\/flight-delay\/posted\/[0-9a-f]{64}\.jsonl$/);
    expect(new TextDecoder().decode(objects.get(file))).toBe(
      `{"at":"2026-11-21T12:00:00.000Z","label":"true","predictionId":"${id}"}\n`,
    );
  });

  it('keeps the same request once, and a correction to what was said before as its own', async () => {
    const { time, ...staged } = stage([flights]);
    const say = async (label: string) => {
      const response = await staged.post('/models/flight-delay/labels', { predictionId: id, label });
      return ((await response.json()) as { file: string }).file;
    };

    const first = await say('true');
    const again = await say('true');
    time.now += 1;
    const corrected = await say('false');
    time.now += 1;
    // Else the first request would have said it before, and the correction had the last word.
    const back = await say('true');

    expect(again).toBe(first);
    expect(new Set([first, corrected, back]).size).toBe(3);
  });

  it.each([
    ['labels that are no list', { labels: { predictionId: id, label: 'x' } }, 'labels', 'a list'],
    ['a label of nothing', { label: 'true' }, 'labels[0]', 'a predictionId'],
    ['no label', { predictionId: id }, 'labels[0]', 'a label or a late'],
    ['a label that is no value', { predictionId: id, label: [1] }, 'labels[0].label', 'a class or a number'],
    ['a name with a zero in it', { predictionId: id, label: 'x', 'a\0': 1 }, 'labels[0]', 'names of columns'],
    ['a name that is none', { predictionId: id, label: 'x', '': 1 }, 'labels[0]', 'names of columns'],
    [
      'half a character',
      { predictionId: id, label: 'x', note: '\ud83d' },
      'labels[0].note',
      'whole characters',
    ],
    ['an empty label', { predictionId: id, late: ' ' }, 'labels[0].late', 'a class or a number'],
    [
      'no prediction id',
      { predictionId: 'row 5', label: 'x' },
      'labels[0].predictionId',
      'the predictionId of an answer',
    ],
    [
      'a number for an id',
      { predictionId: 5, label: 'x' },
      'labels[0].predictionId',
      'the predictionId of an answer',
    ],
    ['a moment that is none', { predictionId: id, label: 'x', at: 'soon' }, 'labels[0].at', 'ISO 8601'],
    [
      'a moment to come',
      { predictionId: id, label: 'x', at: '2026-11-23' },
      'labels[0].at',
      'not in the future',
    ],
    ['a column that holds more', { predictionId: id, label: 'x', why: { a: 1 } }, 'labels[0].why', 'a value'],
    ['no object', [{ predictionId: id, label: 'x' }, 7], 'labels[1]', 'an object'],
  ])('refuses %s with its path, and keeps nothing', async (_, body, path, expected) => {
    const { answer, objects } = post(body);

    const response = await answer();

    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { code: string; issues: object[] } };
    expect(error.code).toBe('REQUEST_MALFORMED');
    expect(error.issues).toContainEqual(
      expect.objectContaining({ path, expected: expect.stringContaining(expected) }),
    );
    expect([...objects.keys()].filter((key) => key.startsWith('labels/'))).toEqual([]);
  });

  it('takes a key that is whole, and refuses half of one or both names', async () => {
    const spec = { key: ['carrier', 'flight'] };
    const statusOf = async (label: object) => (await post({ ...label, label: 'true' }, spec).answer()).status;

    expect(await statusOf({ carrier: 'AA', flight: 5 })).toBe(202);
    expect(await statusOf({ carrier: 'AA', flight: 5, predictionId: null })).toBe(202);
    expect(await statusOf({ carrier: 'AA' })).toBe(400);
    expect(await statusOf({ carrier: 'AA', flight: 5, predictionId: id })).toBe(400);
  });

  it('takes the label of a target whatever its name is', async () => {
    const target = { sql: 'delay > 15', name: 'late (C++' };
    const staged = stage([{ ...flights, spec: { target } }]);

    const response = await staged.post('/models/flight-delay/labels', {
      predictionId: id,
      'late (C++': true,
    });

    expect(response.status).toBe(202);
  });

  it('takes the raw columns of a target that is made by SQL, one of them called as ours are', async () => {
    const spec = { target: { sql: 'label > 15', name: 'late' } };
    const statusOf = async (label: object) =>
      (await post({ predictionId: id, ...label }, spec).answer()).status;

    expect(await statusOf({ label: 20 })).toBe(202);
    expect(await statusOf({ late: true })).toBe(202);
    expect(await statusOf({})).toBe(400);
  });

  it('refuses what is too much, not JSON, empty, or of a model nobody knows', async () => {
    const staged = stage([flights]);
    const many = Array.from({ length: 10_001 }, () => ({ predictionId: id, label: 'true' }));
    const statusOf = async (body: unknown, model = 'flight-delay') =>
      (await staged.post(`/models/${model}/labels`, body)).status;

    expect(await statusOf(many)).toBe(413);
    expect(await statusOf({ predictionId: id, label: 'x'.repeat(20_000) })).toBe(400);
    expect(await statusOf('{"half":')).toBe(400);
    expect(await statusOf([])).toBe(400);
    expect(await statusOf('null')).toBe(400);
    expect(await statusOf({ predictionId: id, label: 'x' }, 'nobody')).toBe(404);
  });
});

describe('what is captured', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      distance: 100 + index,
      origin: index % 2 ? 'JFK' : '',
      tail: `N${index}`,
    }));
  const captured = async (spec: object, count = 2) => {
    const staged = stage([{ ...flights, spec: { key: ['tail'], ...spec } }]);
    const response = await staged.post('/models/flight-delay/predict', { rows: rows(count) });
    expect(response.status, await response.clone().text()).toBe(200);
    await staged.predictions.flush();
    return staged.captured;
  };

  it('holds the key that was sent along, which the model never sees', async () => {
    expect((await captured({})).map(({ features }) => features)).toEqual(rows(2));
  });

  it('has no column that the model omits, and hashes a sensitive one unless it is empty', async () => {
    const monitor = { omittedColumns: ['distance'], sensitiveColumns: ['origin'] };

    const records = await captured({ monitor });

    expect(records.map(({ features }) => features)).toEqual([
      { origin: '', tail: 'N0' },
      { origin: expect.stringMatching(/^[0-9a-f]{32}$/), tail: 'N1' },
    ]);
  });

  it('is the share asked for, and each record says which; all of it says nothing', async () => {
    const some = await captured({ monitor: { captureShare: 0.25 } }, 2000);
    const all = await captured({}, 10);

    expect(some.length).toBeGreaterThan(2000 * 0.25 - 4 * 20);
    expect(some.length).toBeLessThan(2000 * 0.25 + 4 * 20);
    expect(some.every(({ share }) => share === 0.25)).toBe(true);
    expect(all).toHaveLength(10);
    expect(all.some((record) => 'share' in record)).toBe(false);
  });
});
