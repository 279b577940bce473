import * as z from 'zod';

/** One gate's judgement, ready to be shown: what was measured, what was asked, and why it passed, failed or is unknown. */
export const GateResult = z.strictObject({
  /** A stable name: the setting in model.json, or `mustBeatBaseline`, `maxChampionLoss`. */
  gate: z.string(),
  title: z.string(),
  status: z.enum(['pass', 'fail', 'unknown']),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  because: z.string(),
});
export type GateResult = z.infer<typeof GateResult>;

export const Verdict = z.enum(['passed', 'failed', 'unknown']);
export type Verdict = z.infer<typeof Verdict>;

/** One failure fails; otherwise one unknown holds, because missing evidence is not good evidence. */
export const verdictOf = (results: readonly GateResult[]): Verdict => {
  if (results.some(({ status }) => status === 'fail')) return 'failed';
  return results.some(({ status }) => status === 'unknown') ? 'unknown' : 'passed';
};

/** Four significant digits: enough to compare, few enough to read. */
export const readable = (value: number): string => String(Number(value.toPrecision(4)));
