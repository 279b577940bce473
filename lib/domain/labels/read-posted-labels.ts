import { MillraceError } from '../../wire/errors.ts';
import { type JsonObject, type JsonValue, shortJson } from '../../wire/json.ts';
import type { ModelSpec } from '../model-spec/index.ts';
import { maxLabelCharacters } from './judge-label.ts';
import { predictedAtOf } from './prediction-id.ts';
import { readMoment } from './read-moment.ts';
import { rowKeyOf } from './row-key.ts';

export interface LabelIssue {
  /** `labels[3].predictionId` */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** More would be the same mistake in every row. */
const maxIssues = 20;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
const isScalar = (value: JsonValue | undefined): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) && String(value).trim() !== '';

/** Several, or one bare label. */
const listOf = (body: JsonValue): readonly JsonValue[] => {
  if (isList(body)) return body;
  if (!isObject(body))
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `the body is ${shortJson(body, 60)}, expected {"labels": [{predictionId, label}]}, an array of labels or one label`,
    );
  if (isObject(body.labels))
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `labels is ${shortJson(body.labels, 60)}, expected a list: {"labels": [{predictionId, label}]}`,
      { issues: [{ path: 'labels', expected: 'a list', found: shortJson(body.labels, 80) }] },
    );
  return isList(body.labels) ? body.labels : [body];
};

const isLetter = (text: string | undefined): boolean => text !== undefined && /\w/.test(text);

/** Whether it stands somewhere in a text, not as a part of a longer word. */
const isWordOf = (text: string, word: string): boolean => {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true;
  return false;
};

/** Columns of the model that are called as ours are mean what the model says. */
const isModelsOwn = ({ key, target }: Pick<ModelSpec, 'key' | 'target'>, name: string): boolean =>
  key.includes(name) ||
  (typeof target !== 'string' && isWordOf(target.sql.toLowerCase(), name.toLowerCase()));

/** A label by its columns, without their values. */
const columnsOf = (label: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(label).map((name) => [name, '…']));

type Check = (path: string, expected: string, found: JsonValue | undefined) => void;

const checkName = (label: JsonObject, path: string, spec: Pick<ModelSpec, 'key' | 'target'>, add: Check) => {
  const { key } = spec;
  const id = isModelsOwn(spec, 'predictionId') ? undefined : (label.predictionId ?? undefined);
  const hasKey = rowKeyOf(key, label) !== undefined;
  const named = ['a predictionId', ...(key.length > 0 ? [`the key (${key.join(', ')})`] : [])].join(' or ');
  if (id === undefined && !hasKey) add(path, `one with ${named}`, columnsOf(label));
  else if (id !== undefined && hasKey) add(path, `one with ${named}, and not both`, columnsOf(label));
  else if (id !== undefined && (typeof id !== 'string' || predictedAtOf(id.toLowerCase()) === undefined))
    add(`${path}.predictionId`, 'the predictionId of an answer', id);
};

const checkValue = (label: JsonObject, path: string, spec: Pick<ModelSpec, 'key' | 'target'>, add: Check) => {
  const name = typeof spec.target === 'string' ? spec.target : spec.target.name;
  const told = ['label', name].filter((one) => Object.hasOwn(label, one) && !isModelsOwn(spec, one));
  for (const one of told) if (!isScalar(label[one])) add(`${path}.${one}`, 'a class or a number', label[one]);
  const isComputed = typeof spec.target !== 'string';
  const columns = Object.keys(label).filter((one) => !['predictionId', 'at'].includes(one));
  const hasColumns = isComputed && columns.some((one) => !spec.key.includes(one));
  const expected = isComputed
    ? 'one with a label, or the raw columns the target reads'
    : `one with a label or a ${name}`;
  if (told.length === 0 && !hasColumns) add(path, expected, columnsOf(label));
};

const checkMoment = (label: JsonObject, path: string, now: number, add: Check) => {
  const { at } = label;
  if (at === undefined || at === null) return;
  const moment = typeof at === 'string' || typeof at === 'number' ? readMoment(at) : undefined;
  if (moment === undefined) add(`${path}.at`, 'a moment in ISO 8601 or epoch milliseconds', at);
  else if (Date.parse(moment) > now + 24 * 3_600_000)
    add(`${path}.at`, 'a moment that is not in the future', at);
};

/** What no column can be called. */
const isNoName = (name: string): boolean => name === '' || name.includes('\0') || !name.isWellFormed();

/** Columns hold values, so that writing a label down takes no more than reading it did; and who reads it reads all of it. */
const checkColumns = (label: JsonObject, path: string, add: Check) => {
  const columns = Object.entries(label);
  const unnamed = columns.find(([name]) => isNoName(name));
  if (unnamed !== undefined) add(path, 'names of columns: some characters, none of them zero', unnamed[0]);
  const halved = columns.find(([, value]) => typeof value === 'string' && !value.isWellFormed());
  if (halved !== undefined) add(`${path}.${halved[0].slice(0, 80)}`, 'text of whole characters', halved[1]);
  const nested = columns.find(([, value]) => typeof value === 'object' && value !== null);
  if (nested !== undefined) add(`${path}.${nested[0].slice(0, 80)}`, 'a value', nested[1]);
  else if (JSON.stringify(label).length > maxLabelCharacters)
    add(path, `at most ${maxLabelCharacters} characters`, `${JSON.stringify(label).length} characters`);
};

/**
 * The labels of a request: {"labels": […]}, a bare array, or one bare label; each with the moment it came where it says no
 * `at` itself. Throws REQUEST_MALFORMED with the path of every issue, REQUEST_TOO_LARGE. Whether a class is one of the
 * model's is seen when they are taken in.
 */
export const readPostedLabels = (
  body: JsonValue,
  options: {
    readonly spec: Pick<ModelSpec, 'key' | 'target'>;
    readonly maxRows: number;
    /** Milliseconds since 1970. */
    readonly now: number;
  },
): readonly JsonObject[] => {
  const { spec, maxRows, now } = options;
  const labels = listOf(body);
  if (labels.length === 0)
    throw new MillraceError('REQUEST_MALFORMED', 'the request has no labels, expected at least one');
  if (labels.length > maxRows)
    throw new MillraceError(
      'REQUEST_TOO_LARGE',
      `the request has ${labels.length} labels, expected at most ${maxRows}`,
    );
  const issues: LabelIssue[] = [];
  const add: Check = (path, expected, found) => {
    if (issues.length < maxIssues) issues.push({ path, expected, found: shortJson(found ?? null, 80) });
  };
  // To the millisecond: a label that is taken back, and given again, is right the third time too.
  const came = new Date(now).toISOString();
  const hasOwnAt = isModelsOwn(spec, 'at');
  const read = labels.map((label, index) => {
    const path = `labels[${index}]`;
    if (!isObject(label)) {
      add(path, 'an object that names a row and its label', label);
      return {};
    }
    checkName(label, path, spec, add);
    checkValue(label, path, spec, add);
    if (!hasOwnAt) checkMoment(label, path, now, add);
    checkColumns(label, path, add);
    return hasOwnAt || isScalar(label.at) ? label : { ...label, at: came };
  });
  const [first] = issues;
  if (first !== undefined)
    throw new MillraceError(
      'REQUEST_MALFORMED',
      `${first.path} is ${first.found}, expected ${first.expected}${issues.length > 1 ? `, and ${issues.length - 1} more` : ''}`,
      { issues },
    );
  return read;
};
