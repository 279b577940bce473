import { RealisedWindow } from '../domain/labels/index.ts';
import { keys, lists } from '../domain/registry/index.ts';
import { MillraceError } from '../wire/errors.ts';
import type { RegistryContext } from './context.ts';
import { type Found, find, listAll, toBody, unchangedSince } from './records.ts';

/** What labels have told of windows: revised while they come, final once judged. */
export const realisedWindowRegistry = (context: RegistryContext) => ({
  /** With the revision that writing it again needs. */
  findRealisedWindow: (model: string, windowEnd: string): Promise<Found<RealisedWindow> | undefined> =>
    find(context.records, keys.realisedWindow(model, windowEnd), RealisedWindow),

  /**
   * Keeps what is known of a window by now, if nobody wrote it since it was read as `before`. Throws RECORD_CONFLICT
   * then, and when `before` is final: what was judged stays as it was.
   */
  putRealisedWindow: async (
    window: RealisedWindow,
    before: Found<RealisedWindow> | undefined,
  ): Promise<void> => {
    const { model, windowEnd } = window;
    if (before?.body.judgedAt !== undefined)
      throw new MillraceError(
        'RECORD_CONFLICT',
        `the window of ${model} until ${windowEnd} was judged at ${before.body.judgedAt}`,
        { model, windowEnd },
      );
    await context.records.put({
      ...keys.realisedWindow(model, windowEnd),
      body: toBody(window),
      condition: unchangedSince(before),
    });
  },

  /** Newest first. */
  listRealisedWindows: (
    model: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly RealisedWindow[]> =>
    listAll(
      context.records,
      { partition: lists.realisedWindows(model), direction: 'descending', ...options },
      RealisedWindow,
    ),
});
