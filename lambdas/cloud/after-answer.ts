import { request } from 'node:http';
import type { Environment } from '../../lib/wire/environment.ts';
import type { Invocation } from '../../lib/wire/house.ts';

type Work = () => Promise<void>;

/** Does what may wait until an answer is out. */
export interface AfterAnswer {
  /** Resolves when the answer may go out. What the work throws goes to the log. */
  readonly add: (work: Work) => Promise<void>;
}

const name = 'millrace-after-answer';

const call = (
  url: string,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
): Promise<{ readonly status: number; readonly identifier: string | undefined }> =>
  new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    // Not fetch: the next event may be hours away, the process frozen meanwhile, and fetch gives up after five minutes.
    const sent = request(url, rest, (response) => {
      const identifier = response.headers['lambda-extension-identifier'];
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, identifier: identifier?.toString() }),
      );
      response.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** Two turns of the event loop: the answer is handed to the runtime in the first. */
const answerSent = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Asks for the next event, which says that this one is done. */
const nextInvocation = async (api: string, identifier: string): Promise<void> => {
  const headers = { 'lambda-extension-identifier': identifier };
  const { status } = await call(`http://${api}/2020-01-01/extension/event/next`, { method: 'GET', headers });
  if (status !== 200) throw new Error(`the Extensions API answered ${status}`);
};

/** How long an answer waits for the work where nothing else lets it finish. */
const longestWaitMs = 1000;

/**
 * Registers this process as an internal extension of Lambda, which then waits for both: the runtime, whose answer goes out
 * at once, and the extension, which asks for the next event when the work is done. It must happen while the function is
 * still starting: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html. Where there is no such API, or
 * it refuses, the work is done before the answer, for a second at most; the rest of it goes on with the next request.
 */
export const afterAnswer = (environment: Environment, log: (error: unknown) => void): AfterAnswer => {
  const api = environment.AWS_LAMBDA_RUNTIME_API;
  const waiting: Work[] = [];
  let wake = () => {};
  let isFollowing = false;

  const perform = (work: Work): Promise<void> => work().catch(log);

  const takeWork = async (): Promise<Work> => {
    while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift() as Work;
  };

  const follow = async (runtimeApi: string, identifier: string): Promise<void> => {
    isFollowing = true;
    try {
      for (;;) {
        await nextInvocation(runtimeApi, identifier);
        const work = await takeWork();
        await answerSent();
        await perform(work);
      }
    } finally {
      isFollowing = false;
    }
  };

  const register = async (): Promise<void> => {
    if (!api) return;
    const { status, identifier } = await call(`http://${api}/2020-01-01/extension/register`, {
      method: 'POST',
      headers: { 'lambda-extension-name': name, 'content-type': 'application/json' },
      body: '{"events":["INVOKE"]}',
    });
    if (status === 200 && identifier !== undefined) follow(api, identifier).catch(log);
  };
  const registering = register().catch(log);

  const beforeAnswer = async (work: Work): Promise<void> => {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, longestWaitMs).unref());
    await Promise.race([perform(work), patience]);
  };

  return {
    add: async (work) => {
      await registering;
      // Work of an earlier answer that is still there: nobody tells this extension of events.
      const isForgotten = waiting.splice(0).length > 0;
      if (!isFollowing || isForgotten) return beforeAnswer(work);
      waiting.push(work);
      wake();
    },
  };
};

/** A handler whose work follows every answer, also one that failed: Lambda waits until the extension has had its turn. */
export const withWorkAfter =
  <Result>(
    answer: (event: unknown, invocation?: Invocation) => Promise<Result>,
    { add }: AfterAnswer,
    work: Work,
  ): ((event: unknown, invocation?: Invocation) => Promise<Result>) =>
  async (event, invocation) => {
    try {
      return await answer(event, invocation);
    } finally {
      await add(work);
    }
  };
