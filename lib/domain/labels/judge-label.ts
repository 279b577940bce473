import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { LabelLine } from './label-line.ts';
import { predictedAtOf } from './prediction-id.ts';
import { readMoment } from './read-moment.ts';

/** A row of a file of labels, its columns told apart. What is missing or empty is `undefined`. */
export interface RawLabel {
  readonly source: string;
  readonly row: number;
  readonly predictionId?: string | undefined;
  /** The key columns that have a value. */
  readonly key: JsonObject;
  /** From the column `label`, from a column named as the target, and from what the target's SQL reads. */
  readonly label?: string | undefined;
  readonly target?: string | undefined;
  readonly computed?: string | undefined;
  readonly at?: string | undefined;
  readonly truth: JsonObject;
}

/** What labels of a model are held to. */
export interface LabelFacts {
  /** The columns that name a row; empty: only prediction ids do. */
  readonly key: readonly string[];
  /** Of `key`, those that are hashed or left out when predictions are captured, so that nothing can be found by them. */
  readonly hidden: readonly string[];
  /** What the champion tells apart; `undefined` for a regression. */
  readonly classes?: readonly string[] | undefined;
}

export type JudgedLabel =
  | { readonly line: LabelLine }
  /** `because` is one of few sentences, to be counted by; `found` is the value it is about. */
  | { readonly because: string; readonly found?: string };

/** A label and its columns are small; what is larger is a mistake, and would be read again with every window. */
export const maxLabelCharacters = 16_384;

/** A label this far ahead of its file is a wrong date, not a clock or a time zone that is off. */
const futureMs = 24 * 3_600_000;

/** Class names as training writes them: true and false in lower case, 3 rather than 3.0. */
const classNameOf = (text: string): string => {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase();
  return /^[+-]?\d+\.0+$/.test(text) ? text.replace(/\.0+$/, '') : text;
};

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const grouped = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;

/** A number as people and programs write it, thousands with or without commas; JavaScript would also read 0x10. */
const numberOf = (text: string): number => {
  const plain = grouped.test(text) ? text.replaceAll(',', '') : text;
  return number.test(plain) ? Number(plain) : Number.NaN;
};

const short = (value: JsonValue): string => String(value).slice(0, 80);

const isComplete = (key: JsonObject, columns: readonly string[]): boolean =>
  columns.length > 0 && columns.every((name) => Object.hasOwn(key, name));

type Named = Pick<LabelLine, 'predictionId' | 'key'> | { readonly because: string; readonly found?: string };

/** Which prediction or row a label names. */
const nameOf = (raw: RawLabel, facts: LabelFacts, receivedMs: number): Named => {
  const { predictionId, key } = raw;
  const hasKey = isComplete(key, facts.key);
  const keyText = facts.key.length === 0 ? '' : ` or ${facts.key.join(', ')}`;
  if (predictionId === undefined && !hasKey)
    return {
      because: `no predictionId${keyText}, expected a column of that name which says whose truth it is`,
    };
  if (predictionId === undefined) {
    const [hidden] = facts.hidden;
    return hidden === undefined
      ? { key }
      : { because: `the key column ${hidden} is not captured as it is, expected a predictionId` };
  }
  if (hasKey) return { because: `a predictionId and ${facts.key.join(', ')}, expected one of the two` };
  const lower = predictionId.toLowerCase();
  const predictedMs = predictedAtOf(lower);
  if (predictedMs === undefined)
    return { because: 'predictionId is no id of a prediction', found: short(predictionId) };
  if (predictedMs > receivedMs + futureMs)
    return { because: 'predictionId is of a prediction in the future', found: short(predictionId) };
  return { predictionId: lower };
};

type Valued = { readonly value: string | number } | { readonly because: string; readonly found?: string };

/** One sentence a model, however many classes it has. */
const noneOf = (classes: readonly string[]): string =>
  `the label is none of the classes ${classes.slice(0, 6).join(', ')}${classes.length > 6 ? ', …' : ''}`;

const labelOf = (raw: RawLabel, facts: LabelFacts): Valued => {
  const told = [raw.label, raw.target, raw.computed].filter((value) => value !== undefined);
  const [text] = told;
  if (text === undefined)
    return { because: 'no label, expected it in a column label or one named as the target' };
  if (facts.classes === undefined) {
    const numbers = told.map(numberOf);
    const [value = Number.NaN] = numbers;
    if (!Number.isFinite(value)) return { because: 'the label is no number', found: short(text) };
    if (numbers.some((other) => other !== value)) return { because: 'two labels that differ in one row' };
    return { value };
  }
  const { classes } = facts;
  // What training wrote in full is a class as it is.
  const names = told.map((one) => (classes.includes(one) ? one : classNameOf(one)));
  const [name = ''] = names;
  if (!classes.includes(name)) return { because: noneOf(classes), found: short(text) };
  if (names.some((other) => other !== name)) return { because: 'two labels that differ in one row' };
  return { value: name };
};

const momentOf = (
  at: string | undefined,
  receivedAt: string,
): { readonly at: string } | { readonly because: string; readonly found?: string } => {
  if (at === undefined) return { at: receivedAt };
  const moment = readMoment(at);
  if (moment === undefined) return { because: 'at is no moment, expected ISO 8601', found: short(at) };
  // It would be the last word on its row for ever.
  if (Date.parse(moment) > Date.parse(receivedAt) + futureMs)
    return { because: 'at is in the future', found: short(at) };
  return { at: moment };
};

/** A row as a label that can be kept, or why it cannot. `receivedAt` is when its file came, ISO 8601 UTC. */
export const judgeLabel = (raw: RawLabel, facts: LabelFacts, receivedAt: string): JudgedLabel => {
  const named = nameOf(raw, facts, Date.parse(receivedAt));
  if ('because' in named) return named;
  const valued = labelOf(raw, facts);
  if ('because' in valued) return valued;
  const moment = momentOf(raw.at, receivedAt);
  if ('because' in moment) return moment;
  const { source, row, truth } = raw;
  if (JSON.stringify([named, valued, truth]).length > maxLabelCharacters)
    return { because: `more than ${maxLabelCharacters} characters in one label` };
  return {
    line: LabelLine.parse({ ...named, label: valued.value, truth, ...moment, receivedAt, source, row }),
  };
};
