import { describe, expect, test } from 'vitest';
import {
  ChallengerGate,
  GateRow,
  judgeChallenger,
  type RowVerdict,
} from '../../../lib/domain/gates/index.ts';

const row = (gate: ChallengerGate, verdict: RowVerdict, subject = 'all rows'): GateRow =>
  GateRow.parse({ gate, subject, numbers: {}, limit: null, verdict, because: `it is ${verdict}` });
const table = (changes: Partial<Record<ChallengerGate, RowVerdict>> = {}) =>
  ChallengerGate.options.map((gate) => row(gate, changes[gate] ?? 'pass'));
const verdicts: readonly RowVerdict[] = ['pass', 'fail', 'too-few-rows', 'unknown'];

describe('all gates together', () => {
  test('of all 256 tables one promotes, better on recent rows without G1 is a conflict, and what was not judged is undecided', () => {
    for (const G0 of verdicts)
      for (const G1 of verdicts)
        for (const G2 of verdicts)
          for (const G3 of verdicts) {
            const { path, asksPerson } = judgeChallenger(table({ G0, G1, G2, G3 }));
            const isFine = [G0, G1, G2, G3].every((verdict) => verdict === 'pass');
            const isConflict = G2 === 'pass' && G1 !== 'pass';
            const hasFailed = [G0, G1, G2, G3].includes('fail');
            const otherwise = hasFailed ? 'keep-champion' : 'undecided';
            expect(path).toBe(isFine ? 'promote' : isConflict ? 'conflict' : otherwise);
            expect(asksPerson).toBe(isConflict);
          }
  });

  test('a gate that was not judged never promotes', () => {
    for (const left of ChallengerGate.options) {
      const judged = judgeChallenger(table().filter(({ gate }) => gate !== left));
      expect(judged.path).not.toBe('promote');
      expect(judged.because).toEqual([`${left}: was not judged`]);
    }
    expect(judgeChallenger([]).path).toBe('undecided');
  });

  test('a slice with too few rows is no failure, a slice that fails or is unknown is', () => {
    const path = (verdict: RowVerdict) =>
      judgeChallenger([...table(), row('G1', verdict, 'origin = JFK')]).path;

    expect(verdicts.map(path)).toEqual(['promote', 'conflict', 'promote', 'conflict']);
  });

  test('quarantined data ask for a person though the champion stays', () => {
    const judged = judgeChallenger([...table({ G2: 'fail' }), row('G0', 'fail', 'drift score')]);

    expect(judged).toMatchObject({ path: 'keep-champion', asksPerson: true });
    expect(judged.because).toEqual(['G0 drift score: it is fail', 'G2 all rows: it is fail']);
    expect(judgeChallenger([...table({ G2: 'fail' }), row('G0', 'fail', 'rows')]).asksPerson).toBe(false);
  });
});
