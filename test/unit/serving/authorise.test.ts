import { describe, expect, it } from 'vitest';
import { requireApiKey } from '../../../lib/serving/authorise.ts';
import { servingApp } from '../../../lib/serving/serving-app.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';
import { flights, stage } from './stage.ts';

const row = JSON.stringify({ rows: [{ distance: 640, origin: null, weekend: null, departure: null }] });

/** The endpoint with its guard, over a registry in memory that counts how often keys are looked up. */
const guarded = () => {
  const { registry, clock } = freshRegistry();
  const { predictions } = stage([flights]);
  const logged: unknown[] = [];
  const asked: string[] = [];
  let wrongByMs = 0;
  const guard = requireApiKey({
    registry: {
      findApiKey: (keyId) => {
        asked.push(keyId);
        return registry.findApiKey(keyId);
      },
    },
    clock: { now: () => clock.now() + wrongByMs },
  });
  const setClockBack = (milliseconds: number) => {
    wrongByMs -= milliseconds;
  };
  const log = (entry: unknown) => logged.push(entry);
  const app = servingApp({ predictions, guard, log, newReference: () => 'reference-1' });
  const predict = (headers: Record<string, string>, path = `/models/${flights.name}/predict`) =>
    app.request(path, { method: 'POST', body: row, headers });
  const keyFor = async (more: Partial<Parameters<typeof registry.createApiKey>[0]> = {}) =>
    registry.createApiKey({ name: 'web-shop', scopes: ['predict'], by: 'Ada', ...more });
  return { app, registry, clock, setClockBack, predict, keyFor, asked, logged };
};

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

describe('the endpoint where keys are asked for', () => {
  it('answers a genuine key, by either header', async () => {
    const { predict, keyFor } = guarded();
    const { text } = await keyFor();

    expect((await predict(bearer(text))).status).toBe(200);
    expect((await predict({ authorization: `bearer  ${text}` })).status).toBe(200);
    expect((await predict({ 'x-api-key': text })).status).toBe(200);
  });

  it('leaves what says whether it is up open to everybody', async () => {
    const { app } = guarded();

    for (const path of ['/ping', '/health', '/v2/health/live', '/v2/health/ready'])
      expect((await app.request(path)).status, path).toBe(200);
  });

  it('tells who sends no key how to send one, before it reads anything', async () => {
    const { predict, asked } = guarded();

    const response = await predict({ authorization: 'Basic YTpi' });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="millrace"');
    expect(await response.json()).toMatchObject({
      error: { code: 'API_KEY_MISSING', message: expect.stringContaining('Authorization: Bearer') },
    });
    expect(asked).toEqual([]);
  });

  it('speaks the dialect of the address', async () => {
    const { predict } = guarded();

    const response = await predict({}, `/v2/models/${flights.name}/infer`);

    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ error: expect.stringContaining('carries no API key') });
  });

  it('says the same to every guess: another secret, another id, no key at all', async () => {
    const { predict, keyFor } = guarded();
    const { text } = await keyFor();
    const guesses = [
      `${text.slice(0, -43)}${'A'.repeat(43)}`,
      `mr_${'z'.repeat(26)}_${text.slice(-43)}`,
      'secret',
    ];

    const answers = [];
    for (const guess of guesses) {
      const response = await predict(bearer(guess));
      answers.push([response.status, await response.text()]);
    }

    expect(answers[0]).toEqual([401, expect.stringContaining('not one of ours')]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('refuses an expired key from its moment on, and says when that was', async () => {
    const { predict, keyFor, clock } = guarded();
    const expiresAt = new Date(clock.now() + 10_000).toISOString();
    const { text } = await keyFor({ expiresAt });

    await clock.advance(9999);
    expect((await predict(bearer(text))).status).toBe(200);
    await clock.advance(1);
    const response = await predict(bearer(text));

    expect(response.status).toBe(401);
    expect(await response.text()).toContain(`expired at ${expiresAt}`);
  });

  it('refuses a revoked key within five seconds', async () => {
    const { predict, keyFor, clock, registry } = guarded();
    const { text, apiKey } = await keyFor();
    expect((await predict(bearer(text))).status).toBe(200);

    await registry.revokeApiKey({ keyId: apiKey.keyId, by: 'Bob', why: 'it leaked' });
    await clock.advance(5000);
    const response = await predict(bearer(text));

    expect(response.status).toBe(401);
    expect(await response.text()).toContain('was revoked at');
  });

  it('refuses a revoked key also when the clock was set back an hour meanwhile', async () => {
    const { registry, setClockBack, predict, keyFor } = guarded();
    const { apiKey, text } = await keyFor();
    expect((await predict(bearer(text))).status).toBe(200);

    await registry.revokeApiKey({ keyId: apiKey.keyId, by: 'Ada', why: 'it leaked' });
    setClockBack(3_600_000);

    expect((await predict(bearer(text))).status).toBe(401);
  });

  it('looks a key up once in five seconds, and forgets what was no key', async () => {
    const { predict, keyFor, asked, clock } = guarded();
    const { text, apiKey } = await keyFor();
    const stranger = `mr_${'z'.repeat(26)}_${'A'.repeat(43)}`;

    for (const sent of [text, text, stranger, stranger]) await predict(bearer(sent));
    await clock.advance(4999);
    await predict(bearer(text));
    await clock.advance(1);
    await predict(bearer(text));

    expect(asked.filter((keyId) => keyId === apiKey.keyId)).toHaveLength(2);
    expect(asked.filter((keyId) => keyId !== apiKey.keyId)).toHaveLength(2);
  });

  it('keeps a key to its scope', async () => {
    const { predict, keyFor } = guarded();

    const label = await predict(bearer((await keyFor({ scopes: ['label'] })).text));
    const admin = await predict(bearer((await keyFor({ scopes: ['admin'] })).text));

    expect(label.status).toBe(403);
    expect(label.headers.get('www-authenticate')).toBeNull();
    expect(await label.json()).toMatchObject({
      error: {
        code: 'API_KEY_FORBIDDEN',
        message: expect.stringContaining('has the scope label, expected predict'),
      },
    });
    expect(admin.status).toBe(200);
  });

  it('keeps a key to its models, however the address spells another', async () => {
    const { app, predict, keyFor } = guarded();
    const own = bearer((await keyFor({ models: [flights.name] })).text);
    const foreign = bearer((await keyFor({ models: ['penguins'] })).text);

    expect((await predict(own)).status).toBe(200);
    expect((await predict(foreign)).status).toBe(403);
    expect((await predict(foreign, `/models/${flights.name.replace('f', '%66')}/predict`)).status).toBe(403);
    expect((await predict(foreign, `/models/penguins/../${flights.name}/predict`)).status).toBe(403);
    expect((await app.request('/models', { headers: own })).status).toBe(403);
  });

  it('never says a key, to the caller or to the log, not even when the registry fails', async () => {
    const { registry, clock } = freshRegistry();
    const { text } = await registry.createApiKey({ name: 'web-shop', scopes: ['predict'], by: 'Ada' });
    const logged: unknown[] = [];
    const findApiKey = () => Promise.reject(new Error('the table is not there'));
    const app = servingApp({
      predictions: stage([flights]).predictions,
      guard: requireApiKey({ registry: { findApiKey }, clock }),
      log: ({ error, reference }) => logged.push([String(error), reference]),
      newReference: () => 'reference-1',
    });

    const response = await app.request('/models', { headers: bearer(text) });

    expect(response.status).toBe(500);
    const said = `${await response.text()}${JSON.stringify(logged)}`;
    expect(said).toContain('the table is not there');
    expect(said).not.toContain(text.slice(-43));
  });
});
