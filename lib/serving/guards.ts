import type { MiddlewareHandler } from 'hono';
import { MillraceError } from '../wire/errors.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** The name a request was sent to, without its port. */
const hostNameOf = (request: Request): string => {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return host.toLowerCase().replace(/:\d*$/, '');
};

/**
 * Answers only to the machine's own names, and to `alsoHost`. A foreign page can point its own name at 127.0.0.1 (DNS
 * rebinding) and would then be of the same origin as the console; its Host header gives it away.
 */
export const onlyKnownHosts = (alsoHost?: string): MiddlewareHandler => {
  const isOpen = alsoHost === '0.0.0.0' || alsoHost === '::' || alsoHost === '[::]';
  const known = new Set([...loopbackNames, ...(alsoHost === undefined ? [] : [alsoHost.toLowerCase()])]);
  return async (context, next) => {
    const name = hostNameOf(context.req.raw);
    if (!isOpen && !known.has(name))
      throw new MillraceError(
        'REQUEST_FORBIDDEN',
        `the request was sent to "${name}", expected ${[...known].join(' or ')}`,
      );
    await next();
  };
};

const isSameOrigin = (request: Request): boolean => {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  // Neither header: not a browser, so no browser's cookies or reach are being borrowed.
  if (origin === null) return true;
  return (
    URL.canParse(origin) &&
    new URL(origin).host === (request.headers.get('host') ?? new URL(request.url).host)
  );
};

/** Refuses what a foreign page makes a visitor's browser send. Reading is left alone: other pages cannot see answers. */
export const onlyOwnPagesChange: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  if (method !== 'GET' && method !== 'HEAD' && !isSameOrigin(context.req.raw))
    throw new MillraceError(
      'REQUEST_FORBIDDEN',
      `the ${method} comes from another page, expected this console's own`,
    );
  await next();
};
