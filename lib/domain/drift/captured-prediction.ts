import * as z from 'zod';

/** What the monitor reads of a captured prediction. */
export const CapturedPrediction = z.object({
  predictionId: z.string(),
  model: z.string(),
  version: z.int(),
  role: z.string(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  features: z.record(z.string(), z.unknown()),
  output: z.record(z.string(), z.unknown()),
  /** The share of predictions that was captured then: this one stands for 1/share of them. Absent: all were. */
  share: z.number().gt(0).max(1).optional(),
});
export type CapturedPrediction = z.infer<typeof CapturedPrediction>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const timePattern = /T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;
/** Days that every month has. */
const anyMonthPattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T/;
const dayPattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:29|30|31)T/;

/** The 30th of February passes `Date.parse`, as a day in March. */
const isLateDay = (text: string): boolean =>
  dayPattern.test(text) && new Date(Date.parse(text)).getUTCDate() === Number(text.slice(8, 10));

const isMoment = (text: unknown): boolean =>
  typeof text === 'string' && timePattern.test(text) && (anyMonthPattern.test(text) || isLateDay(text));

const isShare = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value > 0 && value <= 1);

const isCaptured = (value: unknown): value is CapturedPrediction =>
  isObject(value) &&
  typeof value.predictionId === 'string' &&
  typeof value.model === 'string' &&
  Number.isSafeInteger(value.version) &&
  typeof value.role === 'string' &&
  isMoment(value.at) &&
  isObject(value.features) &&
  isObject(value.output) &&
  isShare(value.share);

/**
 * Reads one line of what was captured; `undefined` for anything else. It takes and refuses what the schema above does, by
 * hand: the schema alone costs three times what parsing the line does, and there is one for every prediction.
 */
export const readCapturedLine = (line: string): CapturedPrediction | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isCaptured(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
