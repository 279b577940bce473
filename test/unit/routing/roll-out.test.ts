import { describe, expect, it } from 'vitest';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import {
  judgeHealth,
  promoted,
  type Route,
  rolledBack,
  rollOutPlan,
} from '../../../lib/domain/routing/index.ts';

const rollOutOf = (rollOut: object) =>
  ModelSpec.parse({ name: 'penguins', task: 'multiclass', target: 'species', rollOut }).rollOut;

describe('a roll-out plan', () => {
  it('promotes the first version at once, whatever the strategy', () => {
    const plan = rollOutPlan(rollOutOf({ strategy: 'canary', shadowMinutes: 60 }), { hasChampion: false });

    expect(plan).toEqual([{ kind: 'promote' }]);
  });

  it('is promotion alone unless more is asked for', () => {
    expect(rollOutPlan(rollOutOf({}), { hasChampion: true })).toEqual([{ kind: 'promote' }]);
  });

  it('goes from shadow by way of the canary steps to promotion', () => {
    const plan = rollOutPlan(rollOutOf({ strategy: 'canary', shadowMinutes: 60 }), { hasChampion: true });

    expect(plan).toEqual([
      { kind: 'shadow', minutes: 60 },
      { kind: 'canary', percent: 10, minutes: 15 },
      { kind: 'canary', percent: 50, minutes: 15 },
      { kind: 'promote' },
    ]);
  });

  it('may watch in the shadow before an immediate promotion', () => {
    const plan = rollOutPlan(rollOutOf({ strategy: 'immediate', shadowMinutes: 60 }), { hasChampion: true });

    expect(plan.map(({ kind }) => kind)).toEqual(['shadow', 'promote']);
  });
});

describe('the health of a challenger', () => {
  const judge = (requests: number, errors: number, minRequests = 20) =>
    judgeHealth({ requests, errors, minRequests, maxErrorShare: 0.01 });

  it('is good up to the share of errors allowed', () => {
    expect(judge(100, 1)).toEqual({
      health: 'healthy',
      because: '1 of 100 requests failed (1 %, at most 1 %)',
    });
  });

  it('is bad above it', () => {
    expect(judge(100, 2)).toEqual({
      health: 'unhealthy',
      because: '2 of 100 requests failed (2 %, at most 1 %)',
    });
  });

  it('is unknown with too few requests, also when none failed', () => {
    expect(judge(19, 0)).toEqual({ health: 'unknown', because: '19 requests were answered, needs 20' });
    expect(judge(20, 0).health).toBe('healthy');
  });

  it('is unknown without any request, even when none are asked for', () => {
    expect(judge(0, 0, 0)).toEqual({ health: 'unknown', because: 'no requests were answered' });
  });

  it.each([
    [Number.NaN, 0],
    [100, Number.NaN],
    [100, -1],
    [100, 101],
    [Number.POSITIVE_INFINITY, 0],
  ])('is unknown when the counts are unreadable: %d requests, %d errors', (requests, errors) => {
    expect(judge(requests, errors).health).toBe('unknown');
  });
});

describe('the memory of former champions', () => {
  const reignOf = (...versions: readonly number[]) =>
    versions.reduce<Route>(promoted, { formerChampions: [] });

  it('holds each once, newest first', () => {
    expect(reignOf(1, 2, 1, 3)).toEqual({ champion: 3, formerChampions: [1, 2] });
  });

  it('holds the last twenty', () => {
    const { formerChampions } = reignOf(...Array.from({ length: 30 }, (_, at) => at + 1));

    expect(formerChampions).toHaveLength(20);
    expect(formerChampions[0]).toBe(29);
  });

  it('forgets the version rolled back from, so that the next roll-back goes further back', () => {
    expect(rolledBack(reignOf(1, 2, 3))).toEqual({ champion: 2, formerChampions: [1] });
    expect(rolledBack(reignOf(1, 2, 3), 1)).toEqual({ champion: 1, formerChampions: [] });
  });

  it('is kept when a version outside it is named', () => {
    expect(rolledBack(reignOf(1, 3), 2)).toEqual({ champion: 2, formerChampions: [1] });
  });
});
