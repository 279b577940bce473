import { type BatchFacts, check, verdict } from './batch-facts.ts';
import type { QualityCheck } from './quality-report.ts';
import { badShareChecks, nullShareChecks } from './share-checks.ts';

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
