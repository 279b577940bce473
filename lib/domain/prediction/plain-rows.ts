import { MillraceError } from '../../wire/errors.ts';
import { type JsonObject, type JsonValue, shortJson } from '../../wire/json.ts';

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** A value as it came, short enough for a message. */
export const quote = (value: JsonValue | undefined): string => shortJson(value, 60);

const listOfRows = (body: JsonValue): readonly JsonValue[] => {
  if (isList(body)) return body;
  if (!isObject(body))
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `the body is ${body === null ? 'null' : `a ${typeof body}`}, expected {"rows": [{column: value}]}, an array of rows or one row`,
    );
  // A model may have a column called rows: only an array there is the envelope.
  return isList(body.rows) ? body.rows : [body];
};

/**
 * The rows of a plain request: {"rows": […]}, a bare array, or one bare row.
 * Throws REQUEST_MALFORMED and REQUEST_TOO_LARGE; the values are the signature's business.
 */
export const readPlainRows = (
  body: JsonValue,
  limits: { readonly maxRows: number },
): readonly JsonObject[] => {
  const rows = listOfRows(body);
  if (rows.length === 0)
    throw new MillraceError('REQUEST_MALFORMED', 'the request has no rows, expected at least one');
  if (rows.length > limits.maxRows)
    throw new MillraceError(
      'REQUEST_TOO_LARGE',
      `the request has ${rows.length} rows, expected at most ${limits.maxRows}`,
    );
  return rows.map((row, index) => {
    if (!isObject(row))
      throw new MillraceError(
        'REQUEST_MALFORMED',
        `rows[${index}] is ${quote(row)}, expected an object of column: value`,
      );
    return row;
  });
};
