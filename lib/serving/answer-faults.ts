import type { Context, Hono } from 'hono';
import { MillraceError } from '../wire/errors.ts';

/** Has an app answer every fault one way, an address that nothing answers among them. */
export const answerFaults = (app: Hono, fail: (context: Context, fault: unknown) => Response): void => {
  app.onError((error, context) => fail(context, error));
  app.notFound((context) => {
    const { method, path } = context.req;
    return fail(
      context,
      new MillraceError('ADDRESS_UNKNOWN', `nothing answers ${method} ${path.slice(0, 200)}`),
    );
  });
};
