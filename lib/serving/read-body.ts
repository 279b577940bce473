import { MillraceError } from '../wire/errors.ts';
import type { JsonValue } from '../wire/json.ts';
import { findJsonFault } from '../wire/json-fault.ts';

const tooLarge = (size: string, maxBytes: number) =>
  new MillraceError('REQUEST_TOO_LARGE', `the body has ${size} bytes, expected at most ${maxBytes}`, {
    maxBytes,
  });

/** Counts while it reads: for bodies sent in chunks, whose length nobody announced. */
const readChunks = async (request: Request, maxBytes: number): Promise<string> => {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(`more than ${maxBytes}`, maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

/** The body as text, never more than `maxBytes` of it in memory. Throws REQUEST_TOO_LARGE. */
export const readText = async (request: Request, maxBytes: number): Promise<string> => {
  const announced = request.headers.get('content-length');
  if (announced === null) return readChunks(request, maxBytes);
  const bytes = Number(announced);
  // Node's parser ends a body at the announced length, so that the announcement can be believed.
  if (!(bytes <= maxBytes)) throw tooLarge(announced, maxBytes);
  return request.text();
};

/** A text as JSON. Throws REQUEST_MALFORMED with line and column of the first fault. */
export const parseJson = (text: string): JsonValue => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    if (fault === undefined) throw error;
    const { line, column, offset, expected } = fault;
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `the body is not JSON at line ${line}, column ${column}: expected ${expected}`,
      { issues: [{ line, column, offset, expected }] },
    );
  }
};
