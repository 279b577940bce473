import type { Clock } from '../../ports/clock.ts';

/** How the house's AWS clients connect: over TLS (the SDK's default), 3 s to connect, 30 s of silence end a request. */
export const clientDefaults = {
  // 5 tries; the SDK doubles its waits from 50 ms with jitter, up to 20 s.
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 3000, socketTimeout: 30_000 },
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
