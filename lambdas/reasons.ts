import * as z from 'zod';
import { shortened } from './readable-failure.ts';

/** Reasons from a state machine: JSONata hands over a list of one as its only member now and then, so both are taken. */
export const Reasons = z.union([z.array(z.string()), z.string().transform((reason) => [reason])]);

// 20 reasons of 500 characters, at most 4 bytes each and 6 when escaped: 60 KB of the 256 KiB that state may hold.
const maxReasons = 20;
const maxReasonCharacters = 500;

/** Reasons as they may travel between states: the first of them, each shortened, and how many are left out. */
export const boundedReasons = (reasons: readonly string[]): readonly string[] => {
  const short = (reason: string) => shortened(reason, maxReasonCharacters);
  if (reasons.length <= maxReasons) return reasons.map(short);
  const shown = reasons.slice(0, maxReasons - 1).map(short);
  return [...shown, `and ${reasons.length - shown.length} more`];
};
