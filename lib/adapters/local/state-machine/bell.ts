/** Tells waiters of this process that rows have changed; what other processes write is seen by looking regularly. */
export interface Bell {
  ring(): void;
  /** Looks now, at every ring and at every interval, until `look` finds something; rejects with the signal's reason. */
  until<T>(look: () => T | undefined, signal: AbortSignal): Promise<T>;
}

export const makeBell = (pollMs: number): Bell => {
  const listeners = new Set<() => void>();

  const next = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (finish: () => void) => () => {
        clearTimeout(timer);
        listeners.delete(onRing);
        signal.removeEventListener('abort', onAbort);
        finish();
      };
      const onRing = settle(resolve);
      const onAbort = settle(() => reject(signal.reason));
      const timer = setTimeout(onRing, pollMs);
      listeners.add(onRing);
      signal.addEventListener('abort', onAbort, { once: true });
    });

  const until = async <T>(look: () => T | undefined, signal: AbortSignal): Promise<T> => {
    for (;;) {
      signal.throwIfAborted();
      const found = look();
      if (found !== undefined) return found;
      await next(signal);
    }
  };

  return {
    ring: () => {
      for (const listener of [...listeners]) listener();
    },
    until,
  };
};
