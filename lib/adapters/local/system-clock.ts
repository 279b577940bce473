import type { Clock } from '../../ports/clock.ts';

/** setTimeout takes at most 2^31 - 1 ms (about 24.8 days) and fires at once beyond that. */
const maxTimerMs = 2 ** 31 - 1;

const sleepOnce = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });

/** The machine's own clock. Timers may fire a millisecond early, so sleeping goes on until the time is reached. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    const startMs = performance.now();
    let leftMs = milliseconds;
    do {
      await sleepOnce(Math.min(Math.ceil(Math.max(leftMs, 0)), maxTimerMs), signal);
      leftMs = milliseconds - (performance.now() - startMs);
    } while (leftMs > 0);
  },
};
