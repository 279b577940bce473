import { MillraceError } from '../wire/errors.ts';

/** Callers that name themselves with this header get the same version each time while a canary runs. */
const routingKeyHeader = 'millrace-routing-key';

export const routingKeyOf = (request: Request): { readonly routingKey?: string } => {
  const routingKey = request.headers.get(routingKeyHeader);
  return routingKey === null ? {} : { routingKey };
};

/** A version number of an address. Throws VERSION_UNKNOWN. */
export const versionOf = (text: string | undefined): { readonly version?: number } => {
  if (text === undefined) return {};
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new MillraceError(
      'VERSION_UNKNOWN',
      `"${text.slice(0, 40)}" is not a version, expected a number from 1`,
    );
  return { version: Number(text) };
};
