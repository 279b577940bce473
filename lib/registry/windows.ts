import { WindowRecord } from '../domain/drift/index.ts';
import { keys, lists } from '../domain/registry/index.ts';
import { isMillraceError } from '../wire/errors.ts';
import type { RegistryContext } from './context.ts';
import { listAll, toBody } from './records.ts';

/** What the monitor found, window by window. */
export const windowRegistry = (context: RegistryContext) => ({
  /** Keeps what was found in a window; one that was judged before stays as it was, and `isNew` is false. */
  recordWindow: async (window: WindowRecord): Promise<{ readonly isNew: boolean }> => {
    try {
      const key = keys.window(window.model, window.windowEnd);
      await context.records.put({ ...key, body: toBody(window), condition: 'absent' });
      return { isNew: true };
    } catch (error) {
      if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
      return { isNew: false };
    }
  },

  /** Newest first. */
  listWindows: (model: string, options: { readonly limit?: number } = {}): Promise<readonly WindowRecord[]> =>
    listAll(
      context.records,
      { partition: lists.windows(model), direction: 'descending', ...options },
      WindowRecord,
    ),
});
