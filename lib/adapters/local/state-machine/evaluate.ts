import jsonata from 'jsonata';
import type { JsonObject, JsonValue } from '../../../wire/json.ts';
import { awsFunctions } from './aws-functions.ts';
import { compileExpression, expressionSource, isExpression } from './expression.ts';
import { queryFailure } from './failure.ts';

/** What expressions can see while one state runs. */
export interface Scope {
  readonly stateName: string;
  readonly states: JsonObject;
  readonly variables: JsonObject;
  readonly nowMs: number;
  readonly random: () => number;
}

const formatNow = jsonata('$fromMillis($ms, $picture, $timezone)');

/** JSONata leaves marks on arrays it reads (`a[]` sets `keepSingleton`), so each evaluation reads a copy of its own. */
const bindings = (scope: Scope): Record<string, unknown> => ({
  ...structuredClone(scope.variables),
  states: structuredClone(scope.states),
  ...awsFunctions(scope.random),
  millis: () => scope.nowMs,
  now: (picture?: unknown, timezone?: unknown) =>
    formatNow.evaluate(undefined, { ms: scope.nowMs, picture, timezone }),
});

/** JSONata's errors are plain objects with a code and a message. */
const describe = (error: unknown): string => {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? `${String(error.code)}: ` : '';
  return `${code}${message}`;
};

class NotJson extends Error {}

/** Copies into plain JSON: JSONata's sequences carry hidden flags, and functions or infinities are no values. */
const plainJson = (value: unknown): JsonValue => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new NotJson(`the number ${value}`);
  }
  if (Array.isArray(value)) return value.map(plainJson);
  if (
    typeof value !== 'object' ||
    value === undefined ||
    '_jsonata_function' in value ||
    '_jsonata_lambda' in value
  ) {
    throw new NotJson('a function');
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, plainJson(item)]));
};

/** The value of one `{% … %}`, or States.QueryEvaluationError naming the field. */
const evaluateExpression = async (text: string, field: string, scope: Scope): Promise<JsonValue> => {
  const fail = (what: string) => {
    const expression = `The JSONata expression '${expressionSource(text)}' specified for the field '${field}'`;
    return queryFailure(scope.stateName, `${expression} ${what}`);
  };
  const value: unknown = await compileExpression(text)
    .evaluate(undefined, bindings(scope))
    .catch((error: unknown) => {
      throw fail(`threw an error: ${describe(error)}.`);
    });
  if (value === undefined) throw fail('returned nothing (undefined).');
  try {
    return plainJson(value);
  } catch (error) {
    if (error instanceof NotJson) throw fail(`returned ${error.message}, which is no JSON value.`);
    throw error;
  }
};

/** Evaluates every expression inside a template; the rest of it stays as written. Keys are never expressions. */
export const evaluate = async (template: JsonValue, field: string, scope: Scope): Promise<JsonValue> => {
  if (typeof template === 'string') {
    return isExpression(template) ? evaluateExpression(template, field, scope) : template;
  }
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) {
    const items: JsonValue[] = [];
    for (const [index, item] of template.entries())
      items.push(await evaluate(item, `${field}[${index}]`, scope));
    return items;
  }
  return evaluateObject(template as JsonObject, field, scope);
};

export const evaluateObject = async (
  template: JsonObject,
  field: string,
  scope: Scope,
): Promise<JsonObject> => {
  const entries: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(template))
    entries.push([key, await evaluate(item, `${field}/${key}`, scope)]);
  return Object.fromEntries(entries);
};

/** Evaluates a field that must come out as one kind of value. */
export const evaluateAs = async <T extends JsonValue>(
  template: JsonValue,
  field: string,
  scope: Scope,
  expected: { readonly what: string; readonly accepts: (value: JsonValue) => value is T },
): Promise<T> => {
  const value = await evaluate(template, field, scope);
  if (expected.accepts(value)) return value;
  throw queryFailure(
    scope.stateName,
    `The field '${field}' must be ${expected.what}, but was ${JSON.stringify(value).slice(0, 200)}.`,
  );
};

const isWhole = (value: JsonValue): value is number => Number.isSafeInteger(value);

export const aBoolean = {
  what: 'a boolean',
  accepts: (value: JsonValue): value is boolean => typeof value === 'boolean',
};
export const aString = {
  what: 'a string',
  accepts: (value: JsonValue): value is string => typeof value === 'string',
};
export const anArray = {
  what: 'an array',
  accepts: (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value),
};
/** AWS counts seconds and items up to 99,999,999. */
const maxCount = 99_999_999;
export const aCount = {
  what: 'a whole number from 0 to 99999999',
  accepts: (value: JsonValue): value is number => isWhole(value) && value >= 0 && value <= maxCount,
};
export const positiveSeconds = {
  what: 'a whole number from 1 to 99999999',
  accepts: (value: JsonValue): value is number => isWhole(value) && value >= 1 && value <= maxCount,
};
export const aPercentage = {
  what: 'a number from 0 to 100',
  accepts: (value: JsonValue): value is number => typeof value === 'number' && value >= 0 && value <= 100,
};
const timestampPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
export const aTimestamp = {
  what: "an ISO 8601 timestamp such as '2026-01-05T09:00:00Z'",
  accepts: (value: JsonValue): value is string =>
    typeof value === 'string' && timestampPattern.test(value) && Number.isFinite(Date.parse(value)),
};
