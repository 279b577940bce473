import * as z from 'zod';
import { type ErrorCode, errorCatalogue, MillraceError } from '../wire/errors.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Environment } from './find-stack.ts';
import type { Stage } from './open-stage.ts';
import { signRequest } from './sign-request.ts';

type Asks = Pick<Stage, 'stage' | 'region' | 'outputs' | 'access' | 'clock'>;

const Told = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const Described = z.object({
  signature: z
    .object({
      columns: z.array(
        z.object({ name: z.string(), kind: z.enum(['number', 'category', 'boolean', 'datetime', 'text']) }),
      ),
      classes: z.array(z.string()).optional(),
    })
    .optional(),
});
const ClassAnswer = z.object({
  label: z.string(),
  probability: z.number(),
  probabilities: z.record(z.string(), z.number()),
  predictionId: z.string(),
});
const ValueAnswer = z.object({ value: z.number(), predictionId: z.string() });
const Answered = z.object({
  predictions: z.array(z.union([ClassAnswer, ValueAnswer])),
  version: z.number(),
});

const isOurs = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);

/** The endpoint's error as ours: it speaks the same codes, and its message has the remedy already. */
const faultOf = (status: number, body: string, url: string): MillraceError => {
  const told = Told.safeParse(safeJson(body)).data?.error;
  if (told !== undefined && isOurs(told.code)) {
    const remedy = `; ${errorCatalogue[told.code]}`;
    const what = told.message.endsWith(remedy) ? told.message.slice(0, -remedy.length) : told.message;
    return new MillraceError(told.code, what, { status });
  }
  if (status === 401 || status === 403)
    return new MillraceError('ENDPOINT_REFUSED', `${url} answered ${status}: ${body.slice(0, 200)}`, {
      status,
    });
  return new MillraceError('ENDPOINT_FAILED', `${url} answered ${status}: ${body.slice(0, 200)}`, { status });
};

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `https://<id>.lambda-url.<region>.on.aws/`: callers sign with their AWS credentials. */
const isFunctionUrl = (url: URL): boolean => /\.lambda-url\.[\w-]+\.on\.aws$/.test(url.hostname);

/** Proof of who asks: an AWS signature where the front door takes that, else the key or the token of the environment. */
const proofOf = async (
  stage: Asks,
  env: Environment,
  request: { readonly method: 'GET' | 'POST'; readonly url: URL; readonly body?: string },
): Promise<Record<string, string>> => {
  const type = { 'content-type': 'application/json' };
  if (isFunctionUrl(request.url)) {
    const credentials = await stage.access.credentials();
    const { region, clock } = stage;
    return signRequest({
      ...request,
      headers: type,
      service: 'lambda',
      region,
      credentials,
      now: clock.now(),
    });
  }
  const { MILLRACE_API_KEY: key, MILLRACE_TOKEN: token } = env;
  if (key) return { ...type, 'x-api-key': key };
  if (token) return { ...type, authorization: `Bearer ${token}` };
  throw new MillraceError(
    'API_KEY_MISSING',
    `neither MILLRACE_API_KEY nor MILLRACE_TOKEN is set to ask ${request.url.origin}`,
  );
};

/** Throws ENDPOINT_FAILED when no answer comes. */
const reach = async (url: URL, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(url, init);
  } catch (cause) {
    const { message, cause: inner } = cause instanceof Error ? cause : new Error(String(cause));
    const why = inner instanceof Error ? inner.message : message;
    throw new MillraceError('ENDPOINT_FAILED', `${url.origin} did not answer: ${why}`, {}, { cause });
  }
};

/** Asks a stage's endpoint as any client does, so that what is shown is what callers get. */
export const askEndpoint = (stage: Asks, env: Environment) => {
  const base = env.MILLRACE_URL ?? stage.outputs.endpointUrl;
  const send = async (path: string, method: 'GET' | 'POST', body?: string): Promise<unknown> => {
    const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
    const headers = await proofOf(stage, env, { method, url, ...(body !== undefined && { body }) });
    const answer = await reach(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw faultOf(answer.status, text, url.href);
    return safeJson(text);
  };
  const modelPath = (model: string) => `models/${encodeURIComponent(model)}`;
  const describe = async (model: string) => {
    const { signature } = Described.parse(await send(modelPath(model), 'GET'));
    if (signature === undefined)
      throw new MillraceError('NOTHING_SERVING', `no version of "${model}" serves yet`, { model });
    return signature;
  };
  return {
    columnsOf: async (model: string) => (await describe(model)).columns,
    ask: async (model: string, rows: readonly JsonObject[]) =>
      Answered.parse(await send(`${modelPath(model)}/predict`, 'POST', JSON.stringify({ rows }))),
  };
};
