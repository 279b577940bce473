import type { Clock } from '../../ports/clock.ts';
import { MillraceError } from '../../wire/errors.ts';

const lookEveryMs = 5000;

/** Looks until there is something to see. Throws SMOKE_FAILED with `otherwise` when time is up. */
export const waitFor = async <Seen>(
  look: () => Promise<Seen | undefined>,
  options: {
    readonly clock: Clock;
    readonly minutes: number;
    /** What has not happened, and where to look. */
    readonly otherwise: () => string;
  },
): Promise<Seen> => {
  const { clock, minutes, otherwise } = options;
  const until = clock.now() + minutes * 60_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (clock.now() >= until)
      throw new MillraceError('SMOKE_FAILED', `after ${minutes} minutes ${otherwise()}`);
    await clock.sleep(lookEveryMs);
  }
};
