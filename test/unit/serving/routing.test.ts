import { describe, expect, it } from 'vitest';
import { Predicted, read } from './answers.ts';
import { openModelsOf } from './open-models.ts';
import { flights, houses, stage } from './stage.ts';

const row = { distance: 300, origin: 'SFO' };
const ask = ({ post }: ReturnType<typeof stage>, headers: Record<string, string> = {}) =>
  post('/models/flight-delay/predict', row, headers);
const predict = async (staged: ReturnType<typeof stage>, headers: Record<string, string> = {}) =>
  read(await ask(staged, headers), Predicted);
const sumOf = ({ points }: ReturnType<typeof stage>, name: string, dimensions: object) =>
  points
    .filter(
      (point) =>
        point.name === name &&
        Object.entries(dimensions).every(([key, value]) => point.dimensions[key] === value),
    )
    .reduce((sum, point) => sum + point.value, 0);

describe('which version answers', () => {
  it('is the canary for a draw within its share, and the champion beyond', async () => {
    const route = { champion: 1, canary: { version: 2, percent: 20 } };
    const lucky = stage([{ ...flights, route, artifacts: ['one', 'two'] }], { draw: () => 0.19 });
    const unlucky = stage([{ ...flights, route, artifacts: ['one', 'two'] }], { draw: () => 0.2 });

    expect((await predict(lucky)).version).toBe(2);
    expect((await predict(unlucky)).version).toBe(1);
  });

  it('stays the same for a caller who names a routing key', async () => {
    const route = { champion: 1, canary: { version: 2, percent: 50 } };
    const staged = stage([{ ...flights, route, artifacts: ['one', 'two'] }], { draw: Math.random });

    const versionsOf = async (key: string) => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => predict(staged, { 'millrace-routing-key': key })),
      );
      return new Set(answers.map((answer) => answer.version));
    };

    const sets = await Promise.all(['ann', 'bob', 'cem', 'dia', 'eva', 'fay', 'gus', 'hal'].map(versionsOf));
    expect(sets.every((versions) => versions.size === 1)).toBe(true);
    expect(new Set(sets.flatMap((versions) => [...versions]))).toEqual(new Set([1, 2]));
  });

  it('answers at once when the first version is approved, also right after a call that found none', async () => {
    const staged = stage([{ ...flights, route: {}, artifacts: ['one'] }]);

    const before = await ask(staged);
    staged.setRoute('flight-delay', { champion: 1 });
    const after = await predict(staged);

    expect(before.status).toBe(503);
    expect(after.version).toBe(1);
  });

  it('follows a moved pointer within five seconds and reads it no more often', async () => {
    const staged = stage([{ ...flights, artifacts: ['one', 'two'] }]);

    await predict(staged);
    staged.setRoute('flight-delay', { champion: 2 });
    staged.time.now += 4_999;
    const before = await predict(staged);
    const readsBefore = staged.asked.routes;
    staged.time.now += 1;
    const after = await predict(staged);

    expect([before.version, after.version]).toEqual([1, 2]);
    expect([readsBefore, staged.asked.routes]).toEqual([1, 2]);
  });

  it('is never one that is not live, even when asked for by number', async () => {
    const { app } = stage([{ ...flights, artifacts: ['one', 'rejected'] }]);

    expect((await app.request('/v2/models/flight-delay/versions/2')).status).toBe(404);
  });

  it('serves a model again as soon as it appears, however often it was unknown', async () => {
    const staged = stage([{ ...flights, route: {} }]);

    expect((await ask(staged)).status).toBe(503);
    staged.setRoute('flight-delay', { champion: 1 });
    staged.time.now += 5_000;

    expect((await ask(staged)).status).toBe(200);
  });
});

describe('what is kept of a prediction', () => {
  it('is captured after the answer, with the features as sent and the answer', async () => {
    const works: (() => void)[] = [];
    const staged = stage([flights], { afterAnswer: (work) => works.push(work) });

    const { predictions } = await predict(staged);
    const capturedBefore = staged.captured.length;
    for (const work of works) work();

    expect(capturedBefore).toBe(0);
    expect(staged.captured).toMatchObject([
      {
        predictionId: predictions[0]?.predictionId,
        model: 'flight-delay',
        version: 1,
        role: 'champion',
        at: '2026-11-21T12:00:00.000Z',
        features: row,
        output: { label: 'false', probability: 0.3 },
      },
    ]);
  });

  it('hides sensitive columns behind a keyed hash that keeps equal values equal', async () => {
    const staged = stage([{ ...flights, spec: { monitor: { sensitiveColumns: ['origin'] } } }]);

    await staged.post('/models/flight-delay/predict', [
      row,
      row,
      { ...row, origin: 'LAX' },
      { ...row, origin: null },
    ]);
    await staged.predictions.flush();

    const origins = staged.captured.map(({ features }) => features.origin);
    expect(origins[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(origins[1]).toBe(origins[0]);
    expect(origins[2]).not.toBe(origins[0]);
    expect(origins[3]).toBeNull();
  });

  it('includes what the shadow would have said, which nobody waits for', async () => {
    const staged = stage([{ ...flights, route: { champion: 1, shadow: 2 }, artifacts: ['one', 'two'] }]);

    const { version } = await predict(staged);
    await staged.predictions.flush();

    expect(version).toBe(1);
    expect(staged.captured.map((record) => [record.role, record.version])).toEqual([
      ['champion', 1],
      ['shadow', 2],
    ]);
    expect(new Set(staged.captured.map(({ predictionId }) => predictionId)).size).toBe(1);
  });

  it('lets a broken shadow disturb nobody, and counts it', async () => {
    const staged = stage([{ ...flights, route: { champion: 1, shadow: 2 }, artifacts: ['one', 'broken'] }]);

    const { status } = await ask(staged);
    await staged.predictions.flush();

    expect(status).toBe(200);
    expect(sumOf(staged, 'PredictionErrors', { role: 'shadow', version: '2' })).toBe(1);
    expect(sumOf(staged, 'PredictionErrors', { role: 'champion' })).toBe(0);
  });
});

describe('what is counted', () => {
  it('sums requests, refusals and failures by version and role, and writes them once', async () => {
    const staged = stage([flights]);

    await predict(staged);
    await predict(staged);
    await staged.post('/models/flight-delay/predict', { distance: 'far' });
    await staged.post('/models/flight-delay/predict', { distance: 13 });
    const before = staged.points.length;
    await staged.predictions.flush();

    expect(before).toBe(0);
    const dimensions = { model: 'flight-delay', version: '1', role: 'champion' };
    expect(staged.points.every((point) => point.dimensions.model === 'flight-delay')).toBe(true);
    expect(sumOf(staged, 'PredictionRequests', dimensions)).toBe(4);
    expect(sumOf(staged, 'PredictionRefusals', dimensions)).toBe(1);
    expect(sumOf(staged, 'PredictionErrors', dimensions)).toBe(1);
    expect(staged.points.filter(({ name }) => name === 'PredictionErrors')).toHaveLength(1);
  });

  it('leaves out requests that name a version: they are no part of the traffic a roll-out is judged by', async () => {
    const staged = stage([flights]);

    await staged.post('/v2/models/flight-delay/versions/1/infer', {
      inputs: [{ name: 'distance', datatype: 'FP32', shape: [1], data: [1] }],
    });
    await staged.predictions.flush();

    expect([staged.points, staged.captured]).toEqual([[], []]);
  });

  it('answers on when metrics cannot be written', async () => {
    const staged = stage([flights], { metrics: { put: () => Promise.reject(new Error('no disk')) } });

    await ask(staged);
    await staged.predictions.flush();

    expect((await ask(staged)).status).toBe(200);
  });
});

describe('models in memory', () => {
  it('are loaded once, however many ask at once', async () => {
    const staged = stage([flights]);

    await Promise.all([predict(staged), predict(staged), predict(staged)]);

    expect(staged.opened).toEqual(['champion']);
  });

  it('are shared by versions with the same artifact only when they are read by the same signature', async () => {
    const staged = stage([flights, { ...houses, artifacts: ['champion'] }]);

    await predict(staged);
    await staged.post('/models/houses/predict', { area: 1 });

    expect(staged.opened).toEqual(['champion', 'champion']);
  });

  it('are released when others were used more recently', async () => {
    const staged = openModelsOf({ maxModels: 2 });

    for (const name of ['a', 'b', 'a', 'c']) await staged.use(name);
    await staged.settled();

    expect([staged.opened, staged.released]).toEqual([['a', 'b', 'c'], ['b']]);
  });

  it('stay open until their last user is done', async () => {
    const staged = openModelsOf({ maxModels: 1 });
    const finishers: (() => void)[] = [];

    const first = staged.use('a', () => new Promise<void>((resolve) => finishers.push(resolve)));
    await staged.use('b');
    await staged.settled();
    const releasedMeanwhile = [...staged.released];
    for (const finish of finishers) finish();
    await first;
    await staged.settled();

    expect([releasedMeanwhile, staged.released]).toEqual([[], ['a']]);
  });

  it('are tried again after a failed load', async () => {
    const staged = openModelsOf({ maxModels: 2, failFirst: true });

    await expect(staged.use('a')).rejects.toThrow('not this time');
    await staged.use('a');

    expect(staged.opened).toEqual(['a']);
  });

  it('are all released at the end', async () => {
    const staged = openModelsOf({ maxModels: 3 });

    await staged.use('a');
    await staged.use('b');
    staged.close();
    await staged.settled();

    expect(staged.released).toEqual(['a', 'b']);
  });
});
