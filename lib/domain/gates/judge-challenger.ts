import * as z from 'zod';
import { quarantineSubject } from './data-gate.ts';
import { ChallengerGate, GateRow, RowVerdict, standingOf } from './gate-row.ts';

/**
 * `promote`: to the approval policy; `conflict`: better on recent rows but not shown to be as good on trusted ones, so
 * only a person may go on; `undecided`: nothing failed and something could not be judged, which no policy lets pass but a
 * person may; `keep-champion`: back-off starts.
 */
export const ChallengerPath = z.enum(['promote', 'conflict', 'undecided', 'keep-champion']);
export type ChallengerPath = z.infer<typeof ChallengerPath>;

export const ChallengerVerdict = z.strictObject({
  path: ChallengerPath,
  /** A person is to look: a conflict, or data in quarantine. */
  asksPerson: z.boolean(),
  standing: z.strictObject({ G0: RowVerdict, G1: RowVerdict, G2: RowVerdict, G3: RowVerdict }),
  /** Why it is not promoted, in the order of the gates; empty when it is. */
  because: z.array(z.string()),
  rows: z.array(GateRow),
});
/** The table a person reads before a challenger replaces the champion, and where it leads. */
export type ChallengerVerdict = z.infer<typeof ChallengerVerdict>;

/** Inverted or poisoned labels also look like a gain on recent rows: hence conflict before everything but promotion. */
const pathOf = (standing: ChallengerVerdict['standing']): ChallengerPath => {
  if (ChallengerGate.options.every((gate) => standing[gate] === 'pass')) return 'promote';
  if (standing.G2 === 'pass' && standing.G1 !== 'pass') return 'conflict';
  return ChallengerGate.options.some((gate) => standing[gate] === 'fail') ? 'keep-champion' : 'undecided';
};

const reasonsOf = (gate: ChallengerGate, rows: readonly GateRow[]): string[] => {
  const standing = standingOf(rows);
  if (standing === 'pass') return [];
  if (rows.length === 0) return [`${gate}: was not judged`];
  return rows
    .filter(
      ({ verdict }) => verdict !== 'pass' && (verdict !== 'too-few-rows' || standing === 'too-few-rows'),
    )
    .map(({ subject, because }) => `${gate} ${subject}: ${because}`);
};

/** Judges the rows of G0 to G3 together. A gate without rows is unknown, and unknown never promotes. */
export const judgeChallenger = (rows: readonly GateRow[]): ChallengerVerdict => {
  const rowsOf = (wanted: ChallengerGate) => rows.filter(({ gate }) => gate === wanted);
  const standing = {
    G0: standingOf(rowsOf('G0')),
    G1: standingOf(rowsOf('G1')),
    G2: standingOf(rowsOf('G2')),
    G3: standingOf(rowsOf('G3')),
  };
  const path = pathOf(standing);
  const isQuarantined = rows.some(
    ({ gate, subject, verdict }) => gate === 'G0' && subject === quarantineSubject && verdict === 'fail',
  );
  return {
    path,
    asksPerson: path === 'conflict' || isQuarantined,
    standing,
    because: ChallengerGate.options.flatMap((gate) => reasonsOf(gate, rowsOf(gate))),
    rows: [...rows],
  };
};
