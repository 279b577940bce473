import type { Clock } from '../ports/clock.ts';

/** How long a fault that keeps coming is told of once: the workflow meets a full disk five times a second. */
const sameAgainAfterMs = 60_000;

/** Says what went wrong, and the same again only after a minute. */
export const faultTeller = (
  say: (text: string) => void,
  clock: Pick<Clock, 'now'>,
): ((fault: unknown) => void) => {
  const saidAtMs = new Map<string, number>();
  return (fault) => {
    const text = fault instanceof Error ? fault.message : String(fault);
    const nowMs = clock.now();
    if (nowMs - (saidAtMs.get(text) ?? Number.NEGATIVE_INFINITY) < sameAgainAfterMs) return;
    saidAtMs.set(text, nowMs);
    say(`  ✗ ${text}`);
  };
};
