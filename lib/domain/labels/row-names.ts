import type { JsonValue } from '../../wire/json.ts';

/** Crockford's base 32, of which prediction ids are made: the first ten characters are the millisecond. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const momentLength = 10;

/** When a prediction was made, by its id, milliseconds since the epoch; `undefined` for an id that does not say. */
export const momentOfId = (predictionId: string): number | undefined => {
  if (predictionId.length <= momentLength) return undefined;
  let moment = 0;
  for (const character of predictionId.slice(0, momentLength).toLowerCase()) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return undefined;
    moment = moment * alphabet.length + digit;
  }
  // 48 bits are 9.6 characters: the first holds three.
  return moment < 2 ** 48 ? moment : undefined;
};

/**
 * One text for the values of the key columns, as keys are compared everywhere: as text. `undefined` where one is missing,
 * and for a model without a key.
 */
export const keyNameOf = (
  columns: readonly string[],
  row: Readonly<Record<string, unknown>>,
): string | undefined => {
  const values = columns.map((column) => (Object.hasOwn(row, column) ? row[column] : undefined));
  const isWhole = values.length > 0 && values.every((value) => value !== undefined && value !== null);
  return isWhole ? `key ${JSON.stringify(values.map((value) => textOf(value as JsonValue)))}` : undefined;
};

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
