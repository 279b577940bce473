import { MillraceError } from '../wire/errors.ts';
import type { HttpEvent } from '../wire/events.ts';
import { publicError } from './http-errors.ts';
import { errorResponse } from './serving-app.ts';

/** What an HTTP API and a function URL take as an answer. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Lambda answers with 6 MB at most: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxResultBytes = 6_000_000;

/** The address as it was asked: a path comes with its escapes undone, so what would end it is escaped again. */
const addressOf = ({ rawPath, rawQueryString, requestContext }: HttpEvent): string => {
  const path = rawPath.replaceAll('?', '%3F').replaceAll('#', '%23');
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  return `https://${requestContext.domainName}${path}${query}`;
};

const bodyOf = ({ body, isBase64Encoded, requestContext }: HttpEvent): Buffer<ArrayBuffer> | undefined => {
  const { method } = requestContext.http;
  if (body === undefined || method === 'GET' || method === 'HEAD') return undefined;
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
};

/** An event as the request it was. Throws REQUEST_MALFORMED. */
export const requestOf = (event: HttpEvent): Request => {
  const body = bodyOf(event);
  try {
    const headers = new Headers(event.headers);
    if (event.cookies !== undefined) headers.set('cookie', event.cookies.join('; '));
    // Of the body as it is here: whoever reads it believes the length.
    if (body === undefined) headers.delete('content-length');
    else headers.set('content-length', String(body.byteLength));
    const { method } = event.requestContext.http;
    return new Request(addressOf(event), { method, headers, ...(body !== undefined && { body }) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `the request is not HTTP as it should be: ${reason.slice(0, 200)}`,
    );
  }
};

const isText = (headers: Headers): boolean =>
  !headers.has('content-encoding') &&
  /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)|[^;]*\+(json|xml))/.test(
    headers.get('content-type') ?? 'text/plain',
  );

const resultOf = async (response: Response): Promise<HttpResult> => {
  const { headers, status } = response;
  const bytes = Buffer.from(await response.arrayBuffer());
  const cookies = headers.getSetCookie();
  const isBase64Encoded = bytes.byteLength > 0 && !isText(headers);
  return {
    statusCode: status,
    headers: Object.fromEntries([...headers].filter(([name]) => name !== 'set-cookie')),
    ...(cookies.length > 0 && { cookies }),
    body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
};

/** Bytes of the result as it crosses the wire; measured only where it could matter: escaping at most doubles JSON. */
const bytesOf = (result: HttpResult): number =>
  result.body.length < maxResultBytes / 6 ? 0 : Buffer.byteLength(JSON.stringify(result));

const refused = (path: string, error: unknown): Response =>
  errorResponse(path, publicError(error, { log: () => {}, newReference: () => 'the request' }));

/** The request of an event, or why it is none. */
const readRequest = (event: HttpEvent): Request | Response => {
  try {
    return requestOf(event);
  } catch (error) {
    return refused(event.rawPath, error);
  }
};

/** Lets an app answer an event of an HTTP API or a function URL, bodies of bytes included. */
export const answerHttpEvent = async (
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  event: HttpEvent,
): Promise<HttpResult> => {
  const request = readRequest(event);
  const result = await resultOf(request instanceof Response ? request : await app.fetch(request));
  const bytes = bytesOf(result);
  if (bytes <= maxResultBytes) return result;
  const what = `the answer has ${bytes} bytes, expected at most ${maxResultBytes}`;
  return resultOf(refused(event.rawPath, new MillraceError('REQUEST_TOO_LARGE', what)));
};
