import type { ModelSpec } from '../model-spec/index.ts';
import { type ColumnStatistics, presentAs } from './column-statistics.ts';
import type { PlannedColumn } from './plan-columns.ts';
import type { NewRows, QualityCheck, QualityDimension, QualityRows, ReasonCount } from './quality-report.ts';

/** What a batch looks like after its rows were checked, before it is judged. */
export interface BatchFacts {
  readonly spec: ModelSpec;
  readonly statistics: readonly ColumnStatistics[];
  readonly columns: readonly PlannedColumn[];
  readonly rows: QualityRows;
  /** Absent when all files are new. */
  readonly newRows?: NewRows;
  readonly reasons: readonly ReasonCount[];
  /** Every reason that was looked for, found or not. */
  readonly looked: readonly {
    readonly dimension: QualityDimension;
    readonly reason: string;
    readonly column?: string;
  }[];
  readonly partRows: Readonly<Record<'train' | 'validation' | 'test', number>>;
  readonly missingColumns: readonly string[];
  readonly newColumns: readonly string[];
  /** Of the rows kept, ISO 8601. */
  readonly newestEvent?: string;
  readonly now: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;

const check = (
  dimension: QualityDimension,
  name: string,
  status: QualityCheck['status'],
  because: string,
  more: Partial<QualityCheck> = {},
): QualityCheck => ({ dimension, name, status, because, refuses: true, ...more });

const verdict = (passed: boolean): 'passed' | 'failed' => (passed ? 'passed' : 'failed');

const badShareCheck = (
  { spec }: BatchFacts,
  rows: Pick<NewRows, 'in' | 'bad'>,
  reasons: readonly ReasonCount[],
  of: string,
): QualityCheck => {
  const limit = spec.quality.maxBadShare;
  const observed = rows.in === 0 ? 0 : rows.bad / rows.in;
  const frequent = reasons.toSorted((a, b) => b.rows - a.rows).slice(0, 3);
  const named = frequent.map((reason) => `${reason.reason} (${reason.rows})`).join(', ');
  const because = `${rows.bad} of ${rows.in} rows${of} (${percent(observed)}) are bad, at most ${percent(limit)} may be${named === '' ? '' : `: ${named}`}`;
  return check('consistency', `share of bad rows${of}`, verdict(observed <= limit), because, {
    observed,
    limit,
  });
};

const ofNewFiles = ' of the new files';

/** Over everything, and over the new files by themselves: a broken export among good older files is still broken. */
const badShareChecks = (facts: BatchFacts): readonly QualityCheck[] => [
  badShareCheck(facts, facts.rows, facts.reasons, ''),
  ...(facts.newRows === undefined
    ? []
    : [badShareCheck(facts, facts.newRows, facts.newRows.reasons, ofNewFiles)]),
];

const minRowsCheck = ({ rows, spec }: BatchFacts): QualityCheck => {
  const limit = spec.quality.minRows;
  const because = `${rows.kept} rows were kept, at least ${limit} are needed`;
  return check('completeness', 'rows kept', verdict(rows.kept >= limit), because, {
    observed: rows.kept,
    limit,
  });
};

const partChecks = ({ partRows, spec }: BatchFacts): readonly QualityCheck[] =>
  (['train', 'validation', 'test'] as const).map((part) =>
    check(
      'completeness',
      `rows to ${part === 'train' ? 'train on' : part === 'validation' ? 'validate on' : 'test on'}`,
      verdict(partRows[part] > 0),
      `the split by ${spec.split.by} gave the ${part} part ${partRows[part]} rows, at least 1 is needed`,
      { observed: partRows[part], limit: 1 },
    ),
  );

const nullShareChecks = ({ spec, statistics, columns, newRows }: BatchFacts): readonly QualityCheck[] =>
  Object.entries(spec.quality.columns).flatMap(([column, rules]) => {
    const limit = rules.maxNullShare;
    if (limit === undefined) return [];
    const found = statistics.find(({ name }) => name === column);
    if (found === undefined || found.rows === 0) return [];
    const shareCheck = (observed: number, of: string) => {
      const because = `${percent(observed)} of ${column}${of} is missing, at most ${percent(limit)} may be`;
      const name = `share of missing values${of}`;
      return check('completeness', name, verdict(observed <= limit), because, { column, observed, limit });
    };
    const kind = columns.find(({ name }) => name === column)?.kind ?? 'text';
    const ofNew = newRows?.nullShares[column];
    return [
      shareCheck(1 - presentAs(found, kind) / found.rows, ''),
      ...(ofNew === undefined ? [] : [shareCheck(ofNew, ofNewFiles)]),
    ];
  });

/** A rule for a column that is not there, or not of the kind the rule is about, has checked nothing: unknown is not fine. */
const uselessRuleChecks = ({ spec, columns }: BatchFacts): readonly QualityCheck[] =>
  Object.entries(spec.quality.columns).flatMap(([column, rules]) => {
    const found = columns.find(({ name }) => name === column);
    if (found === undefined)
      return [
        check('completeness', 'column with rules', 'unknown', `${column} has rules and is not in the data`, {
          column,
        }),
      ];
    const hasLimits = rules.min !== undefined || rules.max !== undefined;
    if (!hasLimits || found.kind === 'number') return [];
    const because = `${column} has min or max and is ${found.kind}, expected number`;
    return [check('accuracy', 'range', 'unknown', because, { column })];
  });

const columnChecks = ({ spec, missingColumns, newColumns }: BatchFacts): readonly QualityCheck[] => [
  ...missingColumns.map((column) =>
    check(
      'completeness',
      'column of the last dataset',
      'failed',
      `${column} was in the last dataset and is gone`,
      {
        column,
        refuses: spec.quality.onMissingColumn === 'refuse',
      },
    ),
  ),
  ...newColumns.map((column) =>
    check(
      'consistency',
      'column that is new',
      verdict(spec.quality.onNewColumn !== 'refuse'),
      `${column} was not in the last dataset`,
      { column },
    ),
  ),
];

const freshnessChecks = ({ spec, newestEvent, now }: BatchFacts): readonly QualityCheck[] => {
  const limit = spec.quality.maxAgeHours;
  if (limit === undefined) return [];
  if (newestEvent === undefined)
    return [
      check(
        'timeliness',
        'age of the newest event',
        'unknown',
        'no event time was found, so its age is unknown',
        { limit },
      ),
    ];
  const observed = (Date.parse(now) - Date.parse(newestEvent)) / 3_600_000;
  const because = `the newest event (${newestEvent}) is ${observed.toFixed(1)} hours old, at most ${limit} may pass`;
  return [
    check('timeliness', 'age of the newest event', verdict(observed <= limit), because, { observed, limit }),
  ];
};

/** One check for every reason a row could have been set aside for: it costs rows, never the batch by itself. */
const rowReasonChecks = ({ looked, reasons }: BatchFacts): readonly QualityCheck[] =>
  looked.map(({ dimension, reason, column }) => {
    const rows = reasons.find((found) => found.reason === reason)?.rows ?? 0;
    const because = rows === 0 ? `no row: ${reason}` : `${rows} rows: ${reason}`;
    return check(dimension, reason, verdict(rows === 0), because, {
      ...(column === undefined ? {} : { column }),
      rows,
      refuses: false,
    });
  });

const nonFiniteChecks = ({ statistics }: BatchFacts): readonly QualityCheck[] =>
  statistics
    .filter(({ nonFinite }) => nonFinite > 0)
    .map(({ name, nonFinite }) =>
      check(
        'accuracy',
        'NaN and infinity',
        'failed',
        `${nonFinite} values of ${name} are NaN or infinite and count as missing`,
        {
          column: name,
          observed: nonFinite,
          refuses: false,
        },
      ),
    );

/** Judges a batch in the four dimensions. */
export const qualityChecksOf = (facts: BatchFacts): readonly QualityCheck[] => [
  ...badShareChecks(facts),
  minRowsCheck(facts),
  ...partChecks(facts),
  ...columnChecks(facts),
  ...nullShareChecks(facts),
  ...uselessRuleChecks(facts),
  ...freshnessChecks(facts),
  ...nonFiniteChecks(facts),
  ...rowReasonChecks(facts),
];
