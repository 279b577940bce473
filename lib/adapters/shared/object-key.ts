import { MillraceError } from '../../wire/errors.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** S3's bound on keys, and that of file systems on each name within. */
const maxKeyBytes = 1024;
const maxSegmentBytes = 255;

/** Where the folder store keeps files being written; no key may start with it, in any store. */
export const temporarySegment = '.millrace-tmp';

const wrongSegment = (segment: string): string | undefined => {
  if (segment === '') return 'an empty segment (a leading, trailing or double slash)';
  if (segment === '.' || segment === '..') return `the segment ${JSON.stringify(segment)}`;
  if (Buffer.byteLength(segment) > maxSegmentBytes) return `a segment of more than ${maxSegmentBytes} bytes`;
  return undefined;
};

/** What is wrong with a key, or `undefined`. Unicode and spaces are welcome: people name the files they drop. */
export const objectKeyFault = (key: string): string | undefined => {
  if (!key.isWellFormed()) return 'text that is not Unicode';
  if (/[\p{Cc}\\]/u.test(key)) return 'a backslash or a control character';
  if (Buffer.byteLength(key) > maxKeyBytes) return `more than ${maxKeyBytes} bytes`;
  const segments = key.split('/');
  if (segments[0] === temporarySegment) return `the reserved first segment ${temporarySegment}`;
  return segments.map(wrongSegment).find((fault) => fault !== undefined);
};

/** Throws OBJECT_KEY_INVALID unless the key can be held by every store. */
export const checkObjectKey = (key: string): void => {
  const fault = objectKeyFault(key);
  if (fault === undefined) return;
  throw new MillraceError('OBJECT_KEY_INVALID', `the object key ${JSON.stringify(key)} has ${fault}`, {
    key,
  });
};

/** S3 gives at most 1000 keys a page. */
export const maxPageObjects = 1000;

/** The page size and the key to go on after. Throws INPUT_INVALID for a cursor or limit that makes no sense. */
export const checkedPage = (page: { readonly cursor?: string; readonly limit?: number } | undefined) => {
  const limit = page?.limit ?? maxPageObjects;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new MillraceError('INPUT_INVALID', `limit is ${limit}, expected a whole number of 1 or more`);
  }
  const position = page?.cursor === undefined ? [] : decodeCursor(page.cursor, 1);
  if (position === undefined)
    throw new MillraceError('INPUT_INVALID', 'the cursor is not one this list gave');
  return { limit: Math.min(limit, maxPageObjects), after: position[0] };
};

/** The cursor of a page that ended with `key`. */
export const cursorAfter = (key: string): string => encodeCursor([key]);

export const objectNotFound = (key: string, cause?: unknown): MillraceError =>
  new MillraceError('OBJECT_NOT_FOUND', `there is no object ${JSON.stringify(key)}`, { key }, { cause });

export const objectChanged = (key: string, cause?: unknown): MillraceError =>
  new MillraceError(
    'OBJECT_CHANGED',
    `the object ${JSON.stringify(key)} is not the one named`,
    { key },
    { cause },
  );
