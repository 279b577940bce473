import { type BatchFacts, check, percent, verdict } from './batch-facts.ts';
import { presentAs } from './column-statistics.ts';
import type { NewRows, QualityCheck, ReasonCount } from './quality-report.ts';

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
export const badShareChecks = (facts: BatchFacts): readonly QualityCheck[] => [
  badShareCheck(facts, facts.rows, facts.reasons, ''),
  ...(facts.newRows === undefined
    ? []
    : [badShareCheck(facts, facts.newRows, facts.newRows.reasons, ofNewFiles)]),
];

/** The share of missing values where model.json limits it, over everything and over the new files by themselves. */
export const nullShareChecks = ({
  spec,
  statistics,
  columns,
  newRows,
}: BatchFacts): readonly QualityCheck[] =>
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
