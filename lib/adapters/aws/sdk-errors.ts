import type { Clock } from '../../ports/clock.ts';

/**
 * How the house's AWS clients connect: over TLS (the SDK's default), to the service or to what AWS_ENDPOINT_URL names.
 * The SDK tries again by itself: throttling, 500 to 504, broken and silent connections; nothing else.
 *
 * The sums, at most: passing trouble waits 50, 100, 200, 400 ms, 0.75 s in all; throttling 1, 2, 4, 8 s, 15 s in all
 * (half of each on average: waits are jittered). An unreachable host is given up after 5 × 2 s + 0.75 s = 10.75 s, a
 * silent one after 5 × 10 s + 0.75 s = 50.75 s, inside every function's time limit but those that answer people (30 s).
 */
export const clientDefaults = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2000, socketTimeout: 10_000 },
};

/** Gives what was given, or makes one at the first call and keeps it: clients cost nothing until they are needed. */
export const lazily = <Made>(given: Made | (() => Made) | undefined, make: () => Made): (() => Made) => {
  if (typeof given === 'function') return given as () => Made;
  let made = given;
  return () => {
    made ??= make();
    return made;
  };
};

/** The HTTP status of an error of the SDK; `undefined` when no answer came. */
export const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
};

export const isNamed = (error: unknown, ...names: readonly string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

/**
 * Tries `action` again while `mayRetry` says so. 6 tries, 100 ms first wait, doubling: last wait 1.6 s, 3.1 s in all.
 * The last error flies.
 */
export const retrying = async <T>(
  clock: Clock,
  mayRetry: (error: unknown) => boolean,
  action: () => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (attempt === 6 || !mayRetry(error)) throw error;
      await clock.sleep(100 * 2 ** (attempt - 1));
    }
  }
};
