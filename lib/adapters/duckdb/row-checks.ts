import type { PlannedColumn, QualityDimension } from '../../domain/dataset/index.ts';
import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { checkExpression } from './expression.ts';
import type { DuckDb } from './open-duckdb.ts';
import { numberAsText } from './raw-sources.ts';
import { quoteList, quoteName, quoteText } from './sql-text.ts';
import { typeOfExpression } from './target-column.ts';

/** A reason for which single rows are set aside. */
export interface RowCheck {
  readonly dimension: QualityDimension;
  /** What is said of the row, and what the report counts. */
  readonly reason: string;
  /** True for a row to set aside, as SQL over the labelled rows; NULL counts as false. */
  readonly isBad: string;
  /** The same with the rows of the new files as the only ones there are; absent where that is `isBad`. */
  readonly isBadAlone?: string;
  readonly column?: string;
}

/** An event this far ahead of the clock is a wrong date, not a clock or a time zone that is off. */
const futureHours = 24;

const asText = (column: PlannedColumn): string => {
  const name = quoteName(column.name);
  if (column.kind === 'number') return numberAsText(name);
  return column.kind === 'category' || column.kind === 'text' ? name : `CAST(${name} AS VARCHAR)`;
};

const checkPattern = async (database: DuckDb, column: string, pattern: string): Promise<void> => {
  try {
    await database.rows(`SELECT regexp_full_match('', ${quoteText(pattern)})`);
  } catch (cause) {
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `quality.columns.${column}.matches is "${pattern}", expected an RE2 pattern`,
      { path: `quality.columns.${column}.matches` },
      { cause },
    );
  }
};

const columnChecks = (column: PlannedColumn, spec: ModelSpec): readonly RowCheck[] => {
  const rules = Object.hasOwn(spec.quality.columns, column.name)
    ? spec.quality.columns[column.name]
    : undefined;
  if (rules === undefined) return [];
  const name = quoteName(column.name);
  const isNumber = column.kind === 'number';
  const check = (dimension: QualityDimension, what: string, isBad: string): RowCheck => ({
    dimension,
    reason: `${column.name}: ${what}`,
    isBad,
    column: column.name,
  });
  return [
    ...(rules.required === true ? [check('completeness', 'missing', `${name} IS NULL`)] : []),
    ...(rules.min !== undefined && isNumber
      ? [check('accuracy', `below ${rules.min}`, `${name} < ${rules.min}::DOUBLE`)]
      : []),
    ...(rules.max !== undefined && isNumber
      ? [check('accuracy', `above ${rules.max}`, `${name} > ${rules.max}::DOUBLE`)]
      : []),
    ...(rules.oneOf === undefined
      ? []
      : [
          check(
            'accuracy',
            'not one of the values allowed',
            `${asText(column)} NOT IN ${quoteList(rules.oneOf)}`,
          ),
        ]),
    ...(rules.matches === undefined
      ? []
      : [
          check(
            'accuracy',
            'does not match the pattern',
            `NOT regexp_full_match(${asText(column)}, ${quoteText(rules.matches)})`,
          ),
        ]),
  ];
};

const ruleChecks = async (
  database: DuckDb,
  spec: ModelSpec,
  columns: readonly string[],
  typed: string,
): Promise<readonly RowCheck[]> => {
  const checks: RowCheck[] = [];
  for (const rule of spec.quality.rules) {
    const expression = await checkExpression(database, rule.sql, columns);
    const type = await typeOfExpression(database, expression, typed, rule.sql);
    if (type !== 'BOOLEAN')
      throw new MillraceError(
        'EXPRESSION_INVALID',
        `the rule "${rule.name}" gives ${type}, expected true or false`,
        {
          sql: rule.sql,
          type,
        },
      );
    checks.push({
      dimension: 'consistency',
      reason: `rule: ${rule.name}`,
      isBad: `TRY(${expression.sql}) IS FALSE`,
    });
  }
  return checks;
};

const eventTimeChecks = (spec: ModelSpec, now: string): readonly RowCheck[] => {
  if (spec.eventTime === undefined) return [];
  const name = quoteName(spec.eventTime);
  const isNeeded = spec.split.by === 'time' || spec.dataWindow.days !== undefined;
  const column = spec.eventTime;
  return [
    ...(isNeeded
      ? [
          {
            dimension: 'completeness' as const,
            reason: `${column}: event time missing`,
            isBad: `${name} IS NULL`,
            column,
          },
        ]
      : []),
    {
      dimension: 'timeliness',
      reason: `${column}: event time in the future`,
      isBad: `${name} > TIMESTAMP ${quoteText(now.replace('Z', ''))} + INTERVAL ${futureHours} HOUR`,
      column,
    },
  ];
};

/** Every check of single rows that the spec asks for, those that compare rows with each other left out. */
export const rowChecks = async (
  database: DuckDb,
  spec: ModelSpec,
  columns: readonly PlannedColumn[],
  typed: string,
  now: string,
): Promise<readonly RowCheck[]> => {
  for (const [name, rules] of Object.entries(spec.quality.columns))
    if (rules.matches !== undefined) await checkPattern(database, name, rules.matches);
  const names = columns.map(({ name }) => name);
  return [
    { dimension: 'completeness', reason: 'target missing', isBad: '__target IS NULL' },
    ...spec.key.map((name) => ({
      dimension: 'completeness' as const,
      reason: `${name}: key missing`,
      isBad: `${quoteName(name)} IS NULL`,
      column: name,
    })),
    ...eventTimeChecks(spec, now),
    ...columns.flatMap((column) => columnChecks(column, spec)),
    ...(await ruleChecks(database, spec, names, typed)),
  ];
};

/** A condition of several, true when any is. */
export const anyBad = (checks: readonly RowCheck[]): string =>
  checks.length === 0 ? 'false' : checks.map(({ isBad }) => `coalesce(${isBad}, false)`).join(' OR ');

/** The reasons of a row as one SQL list. */
export const reasonsSql = (checks: readonly RowCheck[]): string =>
  `list_filter([${checks.map(({ isBad, reason }) => `CASE WHEN ${isBad} THEN ${quoteText(reason)} END`).join(', ')}]::VARCHAR[], lambda r: r IS NOT NULL)`;
