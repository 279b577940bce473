/** Clocks of one house differ by seconds; one that is further off was wrong. */
const maxClockErrorMs = 3_600_000;

/** Whether a moment on record can be true. One that a wrong clock left in the future would hold a model until then. */
export const isPast = (at: string | undefined, nowMs: number): boolean =>
  at === undefined || Date.parse(at) <= nowMs + maxClockErrorMs;
