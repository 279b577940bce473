import { readable } from './gate-result.ts';
import type { ChallengerGate, GateRow, RowVerdict } from './gate-row.ts';
import type { ChallengerPath } from './judge-challenger.ts';

/** What each gate asks, in the words of the table's reader. */
export const gateWords: Readonly<Record<ChallengerGate, string>> = {
  G0: 'the new data',
  G1: 'the golden set',
  G2: 'the newest rows',
  G3: 'sanity',
};

export const rowVerdictWords: Readonly<Record<RowVerdict, string>> = {
  pass: 'pass',
  fail: 'fail',
  'too-few-rows': 'too few rows',
  unknown: 'unknown',
};

/** Where the gates lead, and what that asks of a person. */
export const pathWords: Readonly<
  Record<ChallengerPath, { readonly title: string; readonly advice: string }>
> = {
  promote: {
    title: 'Better than the version that serves',
    advice: 'It is as good on the golden set and better on the newest rows.',
  },
  conflict: {
    title: 'A conflict, for a person to decide',
    advice:
      'It is better on the newest rows, but not shown to be as good on the golden set. Either the world has changed and the golden set is old, or the new labels are wrong: look at them before you approve. Wrong ones stay out of the next run only when you put their batch into quarantine (millrace batches quarantine).',
  },
  undecided: {
    title: 'Not all could be judged',
    advice: 'Nothing failed, but evidence is missing: approve it only where you know why it is better.',
  },
  'keep-champion': {
    title: 'The version that serves stays',
    advice: 'This one is not shown to be better.',
  },
};

/** `championOnly` as people read it. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What a verdict was computed from: `rows 1200, loss 0.003`. What is not known is left out. */
export const numbersInWords = ({ numbers }: Pick<GateRow, 'numbers'>): string =>
  Object.entries(numbers)
    .flatMap(([name, value]) => (value === null ? [] : [`${inWords(name)} ${readable(value)}`]))
    .join(', ');

/** The limit, or a dash where there is none. */
export const limitInWords = ({ limit }: Pick<GateRow, 'limit'>): string =>
  limit === null ? '–' : readable(limit);

const concerns = ['fail', 'unknown', 'too-few-rows'] as const;

/** What a person has to look at, the worst first, apart from what passed: a model with slices has dozens of rows. */
export const rowsByConcern = (
  rows: readonly GateRow[],
): { readonly open: readonly GateRow[]; readonly passed: readonly GateRow[] } => ({
  open: concerns.flatMap((concern) => rows.filter(({ verdict }) => verdict === concern)),
  passed: rows.filter(({ verdict }) => verdict === 'pass'),
});
