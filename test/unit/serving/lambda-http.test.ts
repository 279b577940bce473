import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { answerHttpEvent } from '../../../lib/serving/lambda-http.ts';
import { HttpEvent } from '../../../lib/wire/events.ts';
import { Predicted } from './answers.ts';
import { flights, stage } from './stage.ts';

/** As an HTTP API sends it; a function URL sends the same. */
const event = (given: { method: string; path: string; query?: string } & Record<string, unknown>) => {
  const { method, path, query = '', ...rest } = given;
  return HttpEvent.parse({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { 'content-type': 'application/json' },
    requestContext: {
      accountId: '111122223333',
      domainName: 'abc.execute-api.eu-central-1.amazonaws.com',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.9', userAgent: 'curl' },
    },
    ...rest,
  });
};

const echo = new Hono()
  .all('/bytes', async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    return new Response(body, { headers: { 'content-type': 'application/octet-stream' } });
  })
  .all('/big', (context) => context.json({ text: 'x'.repeat(7_000_000) }))
  .all('/cookies', (context) => {
    context.header('set-cookie', 'a=1', { append: true });
    context.header('set-cookie', 'b=2', { append: true });
    return context.text(context.req.header('cookie') ?? '');
  })
  .all('*', (context) =>
    context.json({
      url: context.req.url,
      accept: context.req.header('accept'),
      length: context.req.header('content-length'),
    }),
  );

describe('an event of an HTTP API', () => {
  it.each([true, false])('is answered with predictions, its body base64: %s', async (isBase64Encoded) => {
    const { app } = stage([flights]);
    const text = JSON.stringify({ rows: [{ distance: 900, origin: 'Zürich' }] });
    const body = isBase64Encoded ? Buffer.from(text).toString('base64') : text;

    const result = await answerHttpEvent(
      app,
      event({ method: 'POST', path: '/models/flight-delay/predict', body, isBase64Encoded }),
    );

    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(Predicted.parse(JSON.parse(result.body)).predictions).toMatchObject([{ label: 'true' }]);
  });

  it('tells an error with its status, as the server does', async () => {
    const { app } = stage([flights]);

    const result = await answerHttpEvent(
      app,
      event({ method: 'POST', path: '/models/flight-delay/predict', body: '{"rows": [' }),
    );

    expect(result.statusCode).toBe(400);
    expect(JSON.parse(result.body).error.code).toBe('REQUEST_MALFORMED');
  });

  it('keeps address, query and headers of several values', async () => {
    const result = await answerHttpEvent(
      echo,
      event({
        method: 'GET',
        path: '/a b/ü?#',
        query: 'x=1&x=2&y=%20',
        headers: { accept: 'text/html,application/json', 'content-length': '7' },
      }),
    );

    expect(JSON.parse(result.body)).toEqual({
      url: 'https://abc.execute-api.eu-central-1.amazonaws.com/a%20b/%C3%BC%3F%23?x=1&x=2&y=%20',
      accept: 'text/html,application/json',
    });
  });

  it('carries bytes both ways unharmed', async () => {
    const bytes = Buffer.from([0, 255, 128, 13, 10]);

    const result = await answerHttpEvent(
      echo,
      event({ method: 'POST', path: '/bytes', body: bytes.toString('base64'), isBase64Encoded: true }),
    );

    expect(result.isBase64Encoded).toBe(true);
    expect(Buffer.from(result.body, 'base64')).toEqual(bytes);
  });

  it('keeps cookies apart', async () => {
    const result = await answerHttpEvent(
      echo,
      event({ method: 'GET', path: '/cookies', cookies: ['c=3', 'd=4'] }),
    );

    expect(result).toMatchObject({ cookies: ['a=1', 'b=2'], body: 'c=3; d=4' });
    expect(result.headers).not.toHaveProperty('set-cookie');
  });

  it('says so when the answer is larger than Lambda may give', async () => {
    const result = await answerHttpEvent(echo, event({ method: 'GET', path: '/big' }));

    expect(result.statusCode).toBe(413);
    expect(JSON.parse(result.body).error).toMatchObject({
      code: 'REQUEST_TOO_LARGE',
      message: expect.stringContaining('split the batch'),
    });
  });

  it('refuses what is no request, in words', async () => {
    const result = await answerHttpEvent(
      echo,
      event({ method: 'GET', path: '/', headers: { 'bad header': 'x' } }),
    );

    expect(result.statusCode).toBe(400);
    expect(JSON.parse(result.body).error.code).toBe('REQUEST_MALFORMED');
  });
});
