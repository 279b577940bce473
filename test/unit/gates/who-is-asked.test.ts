import { expect, test } from 'vitest';
import type { ChallengerPath, Verdict } from '../../../lib/domain/gates/index.ts';
import { whoIsAsked } from '../../../lib/domain/gates/index.ts';

const asked = (verdict: Verdict, path?: ChallengerPath) => {
  const evaluation = { verdict, ...(path && { challenger: { path } }) };
  return [whoIsAsked(evaluation, 'manual'), whoIsAsked(evaluation, 'automatic')];
};

test('a failed gate is the end of it, whatever the challenger gained', () => {
  for (const path of ['promote', 'conflict', 'undecided', 'keep-champion', undefined] as const)
    expect(asked('failed', path)).toEqual(['nobody', 'nobody']);
  for (const verdict of ['passed', 'unknown'] as const)
    expect(asked(verdict, 'keep-champion')).toEqual(['nobody', 'nobody']);
});

test('a conflict is a person’s, also where model.json asks nobody', () => {
  expect(asked('passed', 'conflict')).toEqual(['person', 'person']);
  expect(asked('unknown', 'conflict')).toEqual(['person', 'person']);
});

test('what could not be judged is held where no person is there to look', () => {
  expect(asked('passed', 'undecided')).toEqual(['person', 'nobody']);
  expect(asked('unknown', 'promote')).toEqual(['person', 'nobody']);
  expect(asked('unknown')).toEqual(['person', 'nobody']);
});

test('the policy decides where every gate passed, and where there is no champion to compare with', () => {
  expect(asked('passed', 'promote')).toEqual(['policy', 'policy']);
  expect(asked('passed')).toEqual(['policy', 'policy']);
});
