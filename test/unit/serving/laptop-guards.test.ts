import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { onlyKnownHosts, onlyOwnPagesChange } from '../../../lib/serving/guards.ts';
import { serveLocally } from '../../../lib/serving/node-server.ts';
import { isMillraceError } from '../../../lib/wire/errors.ts';

const guarded = (host?: string) => {
  const app = new Hono();
  app.use(onlyKnownHosts(host)).use(onlyOwnPagesChange);
  app.all('/', (context) => context.text('in'));
  app.onError((error, context) => context.text(error.name, 403));
  return (method: string, headers: Record<string, string>) =>
    app.request('http://127.0.0.1:8080/', { method, headers });
};

describe('the guard of the local server', () => {
  it.each(['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST'])('lets %s in', async (host) => {
    expect((await guarded()('GET', { host })).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:8080', '192.168.1.5:8080'])(
    'keeps a name pointed at this machine out: %s',
    async (host) => {
      expect(await (await guarded()('GET', { host })).text()).toBe('REQUEST_FORBIDDEN');
    },
  );

  it('answers to the host it was told to listen on, and to any when told to listen on all', async () => {
    expect((await guarded('mill.local')('GET', { host: 'mill.local:8080' })).status).toBe(200);
    expect((await guarded('mill.local')('GET', { host: 'other.local' })).status).toBe(403);
    expect((await guarded('0.0.0.0')('GET', { host: 'other.local' })).status).toBe(200);
  });

  it.each([
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['its own page in an older browser', { origin: 'http://127.0.0.1:8080' }, 200],
    ['a program', {}, 200],
    ['a foreign page', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['a foreign page in an older browser', { origin: 'https://evil.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
  ])('lets %s send a form: %o gives %i', async (_, headers, status) => {
    const ask = guarded();

    expect((await ask('POST', { host: '127.0.0.1:8080', ...headers })).status).toBe(status);
    expect((await ask('GET', { host: '127.0.0.1:8080', ...headers })).status).toBe(200);
  });
});

describe('the local server', () => {
  const app = new Hono().get('/', (context) => context.text('here'));

  it('says where it listens and stops when told', async () => {
    const server = await serveLocally({ app, host: '127.0.0.1', port: 0 });

    const answer = await (await fetch(server.url)).text();
    await server.close();

    expect(answer).toBe('here');
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it('says so when the port is taken', async () => {
    const server = await serveLocally({ app, host: '127.0.0.1', port: 0 });

    const error = await serveLocally({ app, host: '127.0.0.1', port: server.port }).catch((caught) => caught);
    await server.close();

    expect(isMillraceError(error, 'PORT_UNAVAILABLE')).toBe(true);
    expect(error.message).toContain('--port');
  });
});
