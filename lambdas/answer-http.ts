import { answerHttpEvent, type HttpResult } from '../lib/serving/lambda-http.ts';
import { HttpEvent } from '../lib/wire/events.ts';
import type { Step } from '../lib/wire/house.ts';

interface Needs {
  readonly app: { readonly fetch: (request: Request) => Response | Promise<Response> };
}

/** Answers one request of an HTTP API or a function's own address. */
export const run = (event: HttpEvent, { app }: Needs): Promise<HttpResult> => answerHttpEvent(app, event);

export const step: Step<typeof HttpEvent, Needs, HttpResult> = { input: HttpEvent, run };
