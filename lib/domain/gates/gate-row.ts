import * as z from 'zod';

/** G0 the data, G1 the trusted golden set, G2 the recent hold-out, G3 sanity. */
export const ChallengerGate = z.enum(['G0', 'G1', 'G2', 'G3']);
export type ChallengerGate = z.infer<typeof ChallengerGate>;

/** `too-few-rows` is a question that cannot be asked yet, `unknown` one whose answer is missing; neither is a pass. */
export const RowVerdict = z.enum(['pass', 'fail', 'too-few-rows', 'unknown']);
export type RowVerdict = z.infer<typeof RowVerdict>;

/** One row of the table a person reads before a challenger replaces the champion. */
export const GateRow = z.strictObject({
  gate: ChallengerGate,
  /** What is judged: `all rows`, a slice, `calibration error`. */
  subject: z.string(),
  /** Everything the verdict was computed from, by name; null where it is not known. */
  numbers: z.record(z.string(), z.number().nullable()),
  limit: z.number().nullable(),
  verdict: RowVerdict,
  because: z.string(),
});
export type GateRow = z.infer<typeof GateRow>;

/**
 * One word for a gate's rows: `fail` before `unknown`, both before the rest; a pass needs one row that passes, so that
 * a slice with too few rows is no failure but a gate of such rows alone is no pass. No rows at all are unknown.
 */
export const standingOf = (rows: readonly GateRow[]): RowVerdict => {
  const has = (verdict: RowVerdict) => rows.some((row) => row.verdict === verdict);
  if (has('fail')) return 'fail';
  if (has('unknown') || rows.length === 0) return 'unknown';
  return has('pass') ? 'pass' : 'too-few-rows';
};

// 0.12 − 0.1 is 0.01999…96 and 0.3 − 0.28 is 0.0200…018: a limit that is equalled must not depend on that.
const rounding = 1e-12;

/** Whether a limit is met; equalling it is enough. */
export const isAtMost = (value: number, limit: number): boolean => value <= limit + rounding;
