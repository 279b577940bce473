/** Plain JSON values: what crosses processes, records and HTTP. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** JSON text with object keys in byte order: equal values give equal bytes, so that hashes of it mean something. */
export const canonicalJson = (value: JsonValue): string => {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value as JsonObject)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
};

/**
 * A value as JSON text of at most so many characters, for messages. What nests so deeply that writing it would exhaust
 * the stack is named by its kind: parsing takes such a text, and whoever sent it is to hear of their own mistake.
 */
export const shortJson = (value: unknown, maxCharacters: number): string => {
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > maxCharacters ? `${text.slice(0, maxCharacters - 3)}…` : text;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `${Array.isArray(value) ? 'a list' : 'an object'} of too many levels`;
  }
};

/** What a quoted JSON string says; `undefined` for one that is no JSON, such as one with a line break in it. */
export const jsonString = (quoted: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};
