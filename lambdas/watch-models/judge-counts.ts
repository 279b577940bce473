import { type Baseline, comparedRows, type WeekdayRows, widenedBy } from '../../lib/domain/baseline/index.ts';
import {
  type JudgedWindow,
  judgeWindow,
  type LaneJudgement,
  maxRecordedColumns,
  type Profile,
  type Span,
  vanishedColumns,
  type WindowRecord,
  weekdayOf,
  withoutColumns,
} from '../../lib/domain/drift/index.ts';
import {
  isKnown,
  judgeEstimate,
  type QualityCounts,
  qualityCounter,
} from '../../lib/domain/quality/index.ts';

type Lanes = WindowRecord['lanes'];

/** What a window is compared with: the rows of its weekday where it lies in one and the baseline keeps them apart. */
export const comparedWith = (baseline: Baseline, span: Span): WeekdayRows =>
  comparedRows(baseline, weekdayOf(span));

/** A feature that is gone is bad data however few rows would have had it. */
const withVanished = (dataQuality: LaneJudgement, vanished: readonly string[]): LaneJudgement => {
  const [first] = vanished;
  if (first === undefined) return dataQuality;
  const others = vanished.length > 1 ? ` and ${vanished.length - 1} more column(s)` : '';
  return { score: Math.max(1, dataQuality.score), because: `no row has a value of "${first}"${others}` };
};

const driftLanes = ({ drift }: JudgedWindow): Lanes => (drift ? [{ lane: 'drift', ...drift }] : []);

/** Where concepts change too, probabilities mean something else, and only labels can tell. */
const sayWhenItHolds = ({ score, because }: LaneJudgement): LaneJudgement => ({
  score,
  because: `${because}; holds while only the inputs change`,
});

const judgeQuality = (baseline: Baseline, counts: QualityCounts) => {
  const estimate = qualityCounter(baseline).estimate(counts);
  const by = widenedBy(baseline, 'estimated-quality');
  const { judgement, estimated } = judgeEstimate(baseline.quality, estimate, counts.rows, by);
  const lanes: Lanes = isKnown(judgement)
    ? [{ lane: 'estimated-quality', ...sayWhenItHolds(judgement) }]
    : [];
  return { lanes, estimated };
};

export interface CountsToJudge {
  readonly baseline: Baseline;
  /** Of the rows counted. */
  readonly span: Span;
  readonly profile: Profile;
  readonly quality: QualityCounts;
  /** Columns of the baseline that are captured no more as it knows them: nobody misses them. */
  readonly unwatched: readonly string[];
}

/** What the counts of a window say, as its record keeps it: lanes whose score is not known have none. */
export const judgeCounts = ({ baseline, span, profile, quality, unwatched }: CountsToJudge) => {
  const seen = withoutColumns(comparedWith(baseline, span), profile, unwatched);
  const { compared } = seen;
  const judged = judgeWindow(compared, seen.profile);
  const vanished = vanishedColumns(compared, seen.profile).slice(0, maxRecordedColumns);
  const estimate = judgeQuality(baseline, quality);
  const { featureDrift, predictionDrift, driftedShare, weightedDrift, dataQuality } = judged;
  return {
    lanes: [
      { lane: 'data-quality' as const, ...withVanished(dataQuality, vanished) },
      ...driftLanes(judged),
      ...estimate.lanes,
    ],
    columns: judged.columns.slice(0, maxRecordedColumns),
    vanished,
    estimated: estimate.estimated,
    ...(compared.weekday !== undefined && { weekday: compared.weekday }),
    ...(featureDrift && { featureDrift: featureDrift.score }),
    ...(predictionDrift && { predictionDrift: predictionDrift.score }),
    ...(driftedShare !== undefined && { driftedShare }),
    ...(weightedDrift !== undefined && { weightedDrift }),
  };
};
