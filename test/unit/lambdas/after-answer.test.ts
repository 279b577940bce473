import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { afterAnswer, withWorkAfter } from '../../../lambdas/cloud/after-answer.ts';

/** Lambda's Extensions API on this machine: takes one registration, and gives an event when the test says so. */
const extensionsApi = async (options: { readonly refuses?: boolean } = {}) => {
  const seen: string[] = [];
  let waiting: ServerResponse | undefined;
  let arrived = () => {};
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    seen.push(
      `${method} ${url} ${headers['lambda-extension-name'] ?? headers['lambda-extension-identifier']}`,
    );
    if (options.refuses) {
      response.writeHead(403).end('{"errorType":"Extension.RegistrationClosed"}');
    } else if (url?.endsWith('/register')) {
      response.writeHead(200, { 'lambda-extension-identifier': 'extension-1' }).end('{}');
    } else {
      waiting = response;
      arrived();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  /** Resolves when the extension has asked for its next event: the one before is over. */
  const asksForNext = async (): Promise<ServerResponse> => {
    if (waiting === undefined) await new Promise<void>((resolve) => (arrived = resolve));
    return waiting as ServerResponse;
  };
  return {
    environment: { AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}` },
    seen,
    asksForNext,
    invoke: async () => {
      const response = await asksForNext();
      waiting = undefined;
      response.writeHead(200).end('{"eventType":"INVOKE"}');
    },
  };
};

const nothing = () => {};

describe('work after the answer', () => {
  it('is done when the answer is out, and only then asks Lambda for the next event', async () => {
    const api = await extensionsApi();
    const told: string[] = [];
    let finish = nothing;
    const work = async () => {
      told.push('work begins');
      await new Promise<void>((resolve) => (finish = resolve));
      told.push('work is done');
    };
    const after = afterAnswer(api.environment, nothing);
    const handler = withWorkAfter(async () => 'the answer', after, work);

    await api.invoke();
    told.push(await handler({}));
    await sleep(20);
    const asksBefore = api.seen.length;
    finish();
    await api.asksForNext();

    expect(told).toEqual(['the answer', 'work begins', 'work is done']);
    expect(asksBefore).toBe(2);
    expect(api.seen).toEqual([
      'POST /2020-01-01/extension/register millrace-after-answer',
      'GET /2020-01-01/extension/event/next extension-1',
      'GET /2020-01-01/extension/event/next extension-1',
    ]);
  });

  it('follows every answer, also one that failed, and work that fails', async () => {
    const api = await extensionsApi();
    const logged: unknown[] = [];
    let works = 0;
    const after = afterAnswer(api.environment, (error) => logged.push(error));
    const handler = withWorkAfter(
      async (event) => {
        if (event === 'bad') throw new RangeError('no answer');
        return 'the answer';
      },
      after,
      async () => {
        works += 1;
        if (works === 1) throw new RangeError('nothing kept');
      },
    );

    await api.invoke();
    await expect(handler('bad')).rejects.toThrow('no answer');
    await api.asksForNext();
    await api.invoke();
    await expect(handler('good')).resolves.toBe('the answer');
    await api.asksForNext();

    expect(works).toBe(2);
    expect(logged).toEqual([new RangeError('nothing kept')]);
  });

  it.each([
    ['where there is no such API', undefined],
    ['where it refuses', { refuses: true }],
  ])('is done before the answer %s', async (_, options) => {
    const environment = options === undefined ? {} : (await extensionsApi(options)).environment;
    let isDone = false;
    const after = afterAnswer(environment, nothing);
    const handler = withWorkAfter(
      async () => 'the answer',
      after,
      async () => {
        await sleep(5);
        isDone = true;
      },
    );

    await handler({});

    expect(isDone).toBe(true);
  });

  it('is done before the next answer when nobody tells of events', async () => {
    const api = await extensionsApi();
    let works = 0;
    const after = afterAnswer(api.environment, nothing);
    const handler = withWorkAfter(
      async () => 'the answer',
      after,
      async () => {
        works += 1;
      },
    );

    await handler({});
    const worksAfterFirst = works;
    await handler({});

    expect([worksAfterFirst, works]).toEqual([0, 1]);
  });

  it('never holds an answer up for longer than a second', async () => {
    const after = afterAnswer({}, nothing);
    const startedAt = performance.now();

    await withWorkAfter(
      async () => 'the answer',
      after,
      () => new Promise<void>(() => {}),
    )({});

    expect(performance.now() - startedAt).toBeLessThan(1500);
  });
});
