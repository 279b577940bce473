/** The four dimensions people name when they ask whether data is good. */
export type QualityDimension = 'completeness' | 'consistency' | 'timeliness' | 'accuracy';

/** One thing that was looked at, with its numbers. */
export interface QualityCheck {
  readonly dimension: QualityDimension;
  /** What is expected, in words: "delay is at most 2000". */
  readonly name: string;
  readonly column?: string;
  /** `unknown` when there was nothing to look at. */
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly observed?: number | string;
  readonly limit?: number | string;
  /** Rows quarantined for it. */
  readonly rows?: number;
  /** A failed check that refuses the whole batch; other failed checks cost only the rows they name. */
  readonly refuses: boolean;
  readonly because: string;
}

export interface ReasonCount {
  readonly reason: string;
  readonly rows: number;
}

export interface QualityRows {
  readonly in: number;
  readonly kept: number;
  /** Rows out of the data window included: they are set aside, but are not bad. */
  readonly quarantined: number;
  readonly bad: number;
  /** Of the rows kept, those of the golden set that are in no part: nothing is ever learned from them. */
  readonly golden?: number;
}

/** The rows of a new batch's files judged by themselves, where a dataset joins them with files of earlier batches. */
export interface NewRows {
  readonly in: number;
  /** Rows that only repeat a row of an earlier file are not among them. */
  readonly bad: number;
  readonly reasons: readonly ReasonCount[];
  /** By column that has a `maxNullShare`. */
  readonly nullShares: Readonly<Record<string, number>>;
}

/** `quality.json`: what was checked, what was set aside and why, and whether the batch may be trained on. */
export interface QualityReport {
  readonly schemaVersion: 1;
  readonly checkedAt: string;
  readonly rows: QualityRows;
  readonly badShare: number;
  readonly checks: readonly QualityCheck[];
  /** A row may have several reasons, so these can sum to more than the rows quarantined. Frequent first. */
  readonly reasons: readonly ReasonCount[];
  readonly verdict: 'accepted' | 'refused';
  /** Why it was refused, or one sentence that says it was not. */
  readonly because: readonly string[];
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The report of a batch: refused when any check that refuses has failed, or is unknown. */
export const qualityReportOf = (
  rows: QualityRows,
  checks: readonly QualityCheck[],
  reasons: readonly ReasonCount[],
  checkedAt: string,
): QualityReport => {
  const against = checks.filter((check) => check.refuses && check.status !== 'passed');
  const because =
    against.length > 0
      ? against.map((check) => check.because)
      : [`${rows.kept} of ${rows.in} rows kept, no check refuses them`];
  return {
    schemaVersion: 1,
    checkedAt,
    rows,
    badShare: ratio(rows.bad, rows.in),
    checks,
    reasons: reasons.toSorted((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1)),
    verdict: against.length > 0 ? 'refused' : 'accepted',
    because,
  };
};
