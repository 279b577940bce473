import { formatMoment, formatNumber } from '../console/format.ts';
import type { ColumnMovement, JudgedWindow, WindowRecord } from '../domain/drift/index.ts';
import { type DriftReportFacts, windowMovements, windowQuality } from '../domain/drift-report/index.ts';
import { renderTable } from './table.ts';

const score = (value: number | undefined): string =>
  value === undefined ? '–' : value.toFixed(2).replace(/^-0\.00$/, '0.00');

const share = (value: number): string => `${(100 * value).toFixed(0)} %`;

const scoreIn = (window: WindowRecord, lane: string): string =>
  score(window.lanes.find((one) => one.lane === lane)?.score);

/** The largest score of the features, or of what was predicted; older records do not tell them apart. */
const driftOf = ({ columns, featureDrift, predictionDrift }: WindowRecord, of: 'feature' | 'prediction') =>
  (of === 'feature' ? featureDrift : predictionDrift) ?? columns.find((column) => column.of === of)?.score;

/** The columns over the limit, or the one nearest to it. */
const movedIn = ({ columns }: WindowRecord): string => {
  const over = columns.filter((column) => column.score >= 1);
  const named = (over.length > 0 ? over.slice(0, 3) : columns.slice(0, 1))
    .map((column) => `${column.name} ${score(column.score)} (${share(column.movedShare)})`)
    .join(', ');
  return over.length > 3 ? `${named} and ${over.length - 3} more` : named;
};

const outcomeOf = ({ outcome, rows, requiredRows }: WindowRecord): string =>
  outcome === 'carried' || outcome === 'dropped'
    ? `${outcome}: ${formatNumber(rows)} of ${formatNumber(requiredRows)}`
    : outcome;

const rowOf = (window: WindowRecord, facts: DriftReportFacts): readonly string[] => {
  const quality = windowQuality(window, facts);
  return [
    formatMoment(window.windowEnd),
    String(window.version),
    formatNumber(window.rows),
    outcomeOf(window),
    score(driftOf(window, 'feature')),
    score(driftOf(window, 'prediction')),
    scoreIn(window, 'data-quality'),
    quality.estimated ?? '–',
    `${quality.realised ?? '–'}${quality.isUnreliable ? ' !' : ''}`,
    quality.coverage ?? '–',
    movedIn(window),
  ];
};

const notes = (facts: DriftReportFacts): string => {
  const measure = windowQuality(facts.windows[0], facts).measure;
  const isUnreliable = facts.windows.some((window) => windowQuality(window, facts).isUnreliable);
  return [
    '1 is the limit of every score; in brackets the share of the traffic that moved.',
    ...(measure === undefined
      ? []
      : [
          `Estimated and by labels: ${measure}. Estimates hold while only the inputs change; labels tell when their meaning does.`,
        ]),
    ...(isUnreliable ? ['!: labels and estimate disagree, so that the estimate is not to be believed.'] : []),
  ].join('\n');
};

const movements = (facts: DriftReportFacts): string => {
  const found = windowMovements(facts);
  const judged = facts.windows.find(({ outcome }) => outcome === 'judged');
  return found.length === 0 || judged === undefined
    ? ''
    : `\nIn the window until ${formatMoment(judged.windowEnd)}:\n${found.map(({ sentence }) => `  ${sentence}\n`).join('')}`;
};

/** Window by window, and how the columns of the newest moved. */
export const driftText = (facts: DriftReportFacts): string =>
  facts.windows.length === 0
    ? `No window of ${facts.model} has been judged yet: a window is judged 20 minutes after its end.\n`
    : `${renderTable(
        [
          'window until',
          'version',
          'rows',
          'outcome',
          'features',
          'answers',
          'data quality',
          'estimated',
          'by labels',
          'labelled',
          'moved most',
        ],
        facts.windows.map((window) => rowOf(window, facts)),
      )}${movements(facts)}\n${notes(facts)}\n`;

/** How far a file lies from what a baseline knows. */
export interface FileComparison {
  readonly file: string;
  /** What it was compared with, in words. */
  readonly with: string;
  readonly rows: number;
  readonly unreadableRows: number;
  /** Fewer rows tell little: scores are then widened by what chance may do. */
  readonly requiredRows: number;
  readonly judged: Pick<JudgedWindow, 'dataQuality' | 'drift' | 'columns'>;
  /** How each column moved, by name. */
  readonly movements: Readonly<Record<string, string>>;
  /** What the baseline could not tell of. */
  readonly notCompared: readonly string[];
}

const columnRow = (column: ColumnMovement, { movements: words }: FileComparison): readonly string[] => [
  column.name,
  score(column.score),
  share(column.movedShare),
  column.psi.toFixed(3),
  column.ks === undefined ? '–' : column.ks.toFixed(3),
  column.js.toFixed(3),
  `${share(column.missingShareBefore)} → ${share(column.missingShare)}`,
  words[column.name] ?? '',
];

/** The columns of a file, largest score first, and what follows. */
export const comparisonText = (comparison: FileComparison): string => {
  const { file, rows, unreadableRows, requiredRows, judged, notCompared } = comparison;
  const { dataQuality, columns } = judged;
  return [
    `${file}: ${formatNumber(rows)} rows against ${comparison.with}\n\n`,
    renderTable(
      ['column', 'score', 'moved', 'psi', 'ks', 'js', 'missing', 'how'],
      columns.map((column) => columnRow(column, comparison)),
    ),
    `\nData quality ${score(dataQuality.score)}: ${dataQuality.because}\n`,
    '1 is the limit of every score. PSI, KS and JS decide nothing.\n',
    rows < requiredRows
      ? `${formatNumber(requiredRows)} rows would tell more: with fewer, a score allows for what chance may do.\n`
      : '',
    unreadableRows > 0 ? `${formatNumber(unreadableRows)} record(s) could not be read.\n` : '',
    ...notCompared.map((reason) => `Not compared: ${reason}\n`),
  ].join('');
};
