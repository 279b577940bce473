import { readable } from './gate-result.ts';
import { type ChallengerGate, type GateRow, isAtMost } from './gate-row.ts';

/** A row for one number that must not exceed its limit; a number that is missing or not finite is unknown. */
export const limitRow = (options: {
  readonly gate: ChallengerGate;
  readonly subject: string;
  readonly value: number | null;
  readonly limit: number;
  readonly numbers?: Readonly<Record<string, number | null>>;
}): GateRow => {
  const { gate, subject, limit } = options;
  const value = options.value !== null && Number.isFinite(options.value) ? options.value : null;
  const base = { gate, subject, numbers: { value, ...options.numbers }, limit };
  if (value === null || !Number.isFinite(limit))
    return {
      ...base,
      limit: Number.isFinite(limit) ? limit : null,
      verdict: 'unknown',
      because: `${subject} is unknown`,
    };
  const isMet = isAtMost(value, limit);
  const because = `${subject} is ${readable(value)}, at most ${readable(limit)} is asked`;
  return { ...base, verdict: isMet ? 'pass' : 'fail', because };
};
