import type { Baseline } from '../../lib/domain/baseline/index.ts';
import { maxRecordedColumns, mergeProfiles, type Profile, type Span } from '../../lib/domain/drift/index.ts';
import { mergeQualityCounts, type QualityCounts } from '../../lib/domain/quality/index.ts';
import type { Services } from '../services.ts';
import { type Captured, readCaptured } from './read-captured.ts';
import { repeatedIds } from './repeated-ids.ts';
import { appearedTaker, profileTaker, qualityTaker } from './takers.ts';

type Needs = Pick<Services, 'objects' | 'withScratchFolder' | 'signal'>;

export interface CountedSpan extends Captured {
  readonly profile: Profile;
  readonly quality: QualityCounts;
  readonly appeared: readonly string[];
}

export interface WindowSpans {
  readonly window: Span;
  /** Where its rows begin: before the window where shorter ones are carried into it. */
  readonly from: number;
}

const merge = (own: CountedSpan, carried: CountedSpan): CountedSpan => ({
  ...own,
  rows: own.rows + carried.rows,
  predictions: own.predictions + carried.predictions,
  repeatedRows: own.repeatedRows + carried.repeatedRows,
  profile: mergeProfiles(carried.profile, own.profile),
  quality: mergeQualityCounts(carried.quality, own.quality),
  appeared: [...new Set([...carried.appeared, ...own.appeared])].slice(0, maxRecordedColumns),
});

/**
 * Counts what a version answered in a window, and in those carried into it: `all` is both. What could not be read is of the
 * window itself, for the windows before it have told theirs.
 */
export const countWindow = async (
  { window, from }: WindowSpans,
  version: { readonly model: string; readonly version: number; readonly baseline: Baseline | undefined },
  services: Needs,
): Promise<{ readonly own: CountedSpan; readonly all: CountedSpan }> => {
  const ids = repeatedIds();
  const baseline = version.baseline ?? { columns: [] };
  const count = async (span: Span): Promise<CountedSpan> => {
    const [profile, quality, appeared] = [
      profileTaker(baseline),
      qualityTaker(baseline),
      appearedTaker(baseline),
    ];
    const takers = version.baseline === undefined ? [] : [profile, quality, appeared];
    const captured = await services.withScratchFolder((folder) =>
      readCaptured({ ...version, span, ids, takers }, folder, services),
    );
    return { ...captured, profile: profile.found(), quality: quality.found(), appeared: appeared.found() };
  };
  const own = await count(window);
  if (from === window.from) return { own, all: own };
  return { own, all: merge(own, await count({ from, to: window.from })) };
};
