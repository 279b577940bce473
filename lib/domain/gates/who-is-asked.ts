import type { Verdict } from './gate-result.ts';
import type { ChallengerVerdict } from './judge-challenger.ts';

/** Who may let a version serve: nobody, because a gate failed; the approval policy; or a person, whatever the policy says. */
export type Asked = 'nobody' | 'policy' | 'person';

/**
 * Absolute gates come first. A conflict is a person's even where the policy asks nobody; what could not be judged is held
 * where no person is there to look at it.
 */
export const whoIsAsked = (
  evaluation: {
    readonly verdict: Verdict;
    readonly challenger?: Pick<ChallengerVerdict, 'path'> | undefined;
  },
  policy: 'manual' | 'automatic',
): Asked => {
  const { verdict, challenger } = evaluation;
  const path = challenger?.path ?? 'promote';
  if (verdict === 'failed' || path === 'keep-champion') return 'nobody';
  if (path === 'conflict') return 'person';
  if (verdict === 'unknown' || path === 'undecided') return policy === 'manual' ? 'person' : 'nobody';
  return 'policy';
};
