import type { Evaluation } from '../evaluation/index.ts';
import { pathWords } from '../gates/index.ts';

const minus = (text: string): string => text.replace(/^-/, '−');

/**
 * Three digits that carry meaning and grouped thousands, or a dash where nothing is known. Shares keep three decimals,
 * so that a column of them lines up.
 */
export const number = (value: number | null | undefined): string => {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return count(Math.round(value));
  if (size >= 0.1 && size < 1) return minus(value.toFixed(3));
  return minus(size >= 1e-6 ? String(Number(value.toPrecision(3))) : value.toExponential(1));
};

/** A whole number with grouped thousands; a narrow no-break space, which every language reads. */
export const count = (value: number): string =>
  minus(String(value)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

/** A share as a percentage; below 10 % with one digit. */
export const percent = (share: number | null | undefined): string => {
  if (share === null || share === undefined) return '–';
  const value = share * 100;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
};

/** What the verdict means for the person who decides. */
export const verdictWords = (evaluation: Evaluation): { title: string; advice: string } => {
  const { verdict, gates, champion, challenger } = evaluation;
  const failed = gates.filter(({ status }) => status === 'fail').length;
  const unknown = gates.filter(({ status }) => status === 'unknown').length;
  const of = (some: number) => `${some} of ${gates.length} ${gates.length === 1 ? 'gate' : 'gates'}`;
  if (verdict === 'failed')
    return {
      title: `Failed ${of(failed)}`,
      advice: `This version will not be offered for approval.${
        champion === undefined ? '' : ` Version ${champion.version} goes on serving.`
      }`,
    };
  if (verdict === 'unknown')
    return {
      title: `${of(unknown)} could not be judged`,
      advice: 'Unknown is not good enough: this version is held until the missing evidence is there.',
    };
  if (challenger !== undefined && challenger.path !== 'promote') return pathWords[challenger.path];
  return {
    title:
      gates.length === 0
        ? 'No gates are set'
        : `Passed ${gates.length === 1 ? 'its gate' : `all ${gates.length} gates`}`,
    advice: 'This version may be approved. Read what it is good at, and where it is weak, before you do.',
  };
};

const ranks = (auc: number, classes: string): string =>
  `Given two rows of different ${classes}, it ranks them rightly ${Math.round(auc * 100)} times in 100; guessing gives 50.`;

const binaryWords = ({ metrics, positiveClass = 'positive' }: Evaluation): string[] => {
  const { precision, recall, auc, calibrationError } = metrics;
  const lines: string[] = [];
  if (typeof auc === 'number') lines.push(ranks(auc, 'outcome'));
  lines.push(
    typeof precision === 'number'
      ? `When it answers “${positiveClass}”, it is right ${Math.round(precision * 100)} times in 100.`
      : `It never answers “${positiveClass}” at its threshold.`,
  );
  if (typeof recall === 'number')
    lines.push(`It finds ${Math.round(recall * 100)} of 100 rows that are “${positiveClass}”.`);
  if (typeof calibrationError === 'number')
    lines.push(`Its probabilities are off by ${(calibrationError * 100).toFixed(1)} points on average.`);
  return lines;
};

const multiclassWords = ({ metrics, perClass }: Evaluation): string[] => {
  const worst = perClass
    .filter(({ rows, recall }) => rows > 0 && recall !== null)
    .sort((a, b) => (a.recall ?? 0) - (b.recall ?? 0))[0];
  const lines = [`It names the right class ${Math.round((metrics.accuracy ?? 0) * 100)} times in 100.`];
  if (worst?.recall !== undefined && worst.recall !== null)
    lines.push(
      `It is weakest on “${worst.class}”: it finds ${Math.round(worst.recall * 100)} of 100 (${worst.rows} test rows).`,
    );
  return lines;
};

const regressionWords = ({ metrics, baseline }: Evaluation): string[] => {
  const lines = [
    `It is off by ${number(metrics.mae)} on average, and by less than ${number(metrics.medianAbsoluteError)} for half of the rows.`,
  ];
  if (typeof metrics.r2 === 'number' && metrics.r2 > 0)
    lines.push(`It explains ${percent(metrics.r2)} of the variation between rows.`);
  if (typeof baseline.metrics.mae === 'number')
    lines.push(`Answering the mean every time would be off by ${number(baseline.metrics.mae)}.`);
  return lines;
};

/** What the numbers mean, a sentence each. */
export const plainWords = (evaluation: Evaluation): readonly string[] => {
  if (evaluation.task === 'binary') return binaryWords(evaluation);
  return evaluation.task === 'multiclass' ? multiclassWords(evaluation) : regressionWords(evaluation);
};
