import { readable } from './gate-result.ts';
import { type ChallengerGate, type GateRow, isAtMost } from './gate-row.ts';

const finiteOrNull = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

/** A row for one number that must not exceed its limit; a number that is missing or not finite is unknown. */
export const limitRow = (options: {
  readonly gate: ChallengerGate;
  readonly subject: string;
  readonly value: number | null;
  readonly limit: number;
  readonly numbers?: Readonly<Record<string, number | null>>;
}): GateRow => {
  const { gate, subject, limit } = options;
  const value = finiteOrNull(options.value);
  const others = Object.entries(options.numbers ?? {}).map(([name, number]) => [name, finiteOrNull(number)]);
  const base = { gate, subject, numbers: { value, ...Object.fromEntries(others) }, limit };
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
