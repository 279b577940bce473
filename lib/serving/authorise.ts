import type { MiddlewareHandler } from 'hono';
import { type ApiKey, needOf, readKeyText, requireCovers, requireGenuine } from '../domain/access/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Registry } from '../registry/index.ts';
import { MillraceError } from '../wire/errors.ts';

/** The longest a revoked key may still get in. */
export const keyMaxAgeMs = 5000;

type FindApiKey = Pick<Registry, 'findApiKey'>;

/** Keys by id, read again when older than five seconds. What is no key is not remembered: a million guesses fill nothing. */
const keyCache = (registry: FindApiKey, now: () => number) => {
  const entries = new Map<
    string,
    { readonly readAt: number; readonly reading: Promise<ApiKey | undefined> }
  >();
  return (keyId: string): Promise<ApiKey | undefined> => {
    const known = entries.get(keyId);
    const readAt = now();
    // Either way: a clock that was set back must not make a key last until it has caught up.
    if (known !== undefined && Math.abs(readAt - known.readAt) < keyMaxAgeMs) return known.reading;
    const reading = registry.findApiKey(keyId);
    entries.set(keyId, { readAt, reading });
    const forget = () => {
      if (entries.get(keyId)?.reading === reading) entries.delete(keyId);
    };
    reading.then((key) => key === undefined && forget(), forget);
    return reading;
  };
};

/** What a request carries as its key, wherever it does. A scheme other than Bearer is not for us. */
const keyTextOf = (request: Request): string | undefined => {
  const bearer = /^bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  return bearer ?? request.headers.get('x-api-key')?.trim() ?? undefined;
};

/**
 * Lets only requests through that carry an API key which covers them, as `Authorization: Bearer …` or `x-api-key`.
 * Throws API_KEY_MISSING and API_KEY_INVALID (401), API_KEY_FORBIDDEN (403). No key is part of an error or a log.
 */
export const requireApiKey = (options: {
  readonly registry: FindApiKey;
  readonly clock: Pick<Clock, 'now'>;
  /** @default needOf, for the prediction endpoint */
  readonly scopeOf?: typeof needOf;
}): MiddlewareHandler => {
  const { registry, clock, scopeOf = needOf } = options;
  const keyOf = keyCache(registry, () => clock.now());
  return async (context, next) => {
    const { method, path } = context.req;
    const need = scopeOf(method, path);
    if (need !== 'open') {
      const given = keyTextOf(context.req.raw);
      if (given === undefined || given === '')
        throw new MillraceError('API_KEY_MISSING', 'the request carries no API key');
      const text = readKeyText(given);
      const known = text && (await keyOf(text.keyId));
      const key = requireGenuine(known, text?.secret ?? '', new Date(clock.now()).toISOString());
      requireCovers(key, need);
    }
    await next();
  };
};
