export interface Timeline {
  /** Does one step of the story and notes how long it took, also when it fails. */
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  readonly totalSeconds: () => number;
  /** A line a step: when it began, how long it took. */
  readonly text: () => string;
}

const column = (seconds: number): string => seconds.toFixed(1).padStart(6);

/** Writes down when each step began and how long it took. */
export const startTimeline = (): Timeline => {
  const begunMs = Date.now();
  const lines: string[] = [];
  const secondsSince = (fromMs: number) => (Date.now() - fromMs) / 1000;
  return {
    step: async (what, work) => {
      const fromMs = Date.now();
      const startedAt = column((fromMs - begunMs) / 1000);
      try {
        const result = await work();
        lines.push(`${startedAt} s  ${column(secondsSince(fromMs))} s  ${what}`);
        return result;
      } catch (error) {
        lines.push(`${startedAt} s  ${column(secondsSince(fromMs))} s  ${what}: FAILED`);
        throw error;
      }
    },
    totalSeconds: () => secondsSince(begunMs),
    text: () => ['  after    took  what', ...lines, `${column(secondsSince(begunMs))} s  in all`].join('\n'),
  };
};

/** Asks again until there is an answer. Throws naming what was waited for. */
export const until = async <T>(
  what: string,
  timeoutSeconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> => {
  const untilMs = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > untilMs) throw new Error(`after ${timeoutSeconds} s still no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};
