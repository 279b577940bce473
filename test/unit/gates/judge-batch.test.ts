import { describe, expect, test } from 'vitest';
import { numberBins, type Profile, profileBuilder } from '../../../lib/domain/drift/index.ts';
import { acceptedBy, type BatchRows, judgeBatch, type UsualRows } from '../../../lib/domain/gates/index.ts';

const hoursOf = (rows: number, change: (hours: number) => number = (hours) => hours): readonly number[] =>
  Array.from({ length: rows }, (_, index) => change((index * 379) % 1009));

const bins = numberBins(Float64Array.from(hoursOf(2000)));
const profileOf = (hours: readonly number[]): Profile => {
  const builder = profileBuilder([bins]);
  for (const value of hours) builder.add(() => value);
  return builder.profile();
};
const [counts] = profileOf(hoursOf(2000)).columns;
if (counts === undefined) throw new Error('the profile has its column');

const usual: UsualRows = {
  baseline: { rows: 2000, columns: [{ name: 'hours', of: 'feature', bins, counts }] },
  labels: { shares: { no: 0.7, yes: 0.3 }, rows: 2000 },
  earlier: [
    { rows: 900, labels: { yes: 270, no: 630 } },
    { rows: 1100, labels: { yes: 341, no: 759 } },
  ],
  minRows: 500,
};

const batch = (change: Partial<BatchRows> = {}, hours = hoursOf(1000)): BatchRows => ({
  rows: hours.length,
  labels: { yes: 300, no: 700 },
  profile: profileOf(hours),
  ...change,
});

const verdicts = (one: BatchRows, usually: Partial<UsualRows> = {}) =>
  Object.fromEntries(
    judgeBatch(one, { ...usual, ...usually }).map(({ subject, verdict }) => [subject, verdict]),
  );

describe('a new batch before it is trained on', () => {
  test('as batches usually are passes all four rows', () => {
    expect(verdicts(batch())).toEqual({
      'data quality': 'pass',
      rows: 'pass',
      'change of label rate': 'pass',
      'drift score': 'pass',
    });
  });

  test('in minutes where hours belong fails by what lies outside, a constant by its score', () => {
    const minutes = batch(
      {},
      hoursOf(1000, (hours) => hours * 60),
    );
    const constant = batch(
      {},
      hoursOf(1000, () => 500),
    );

    expect(verdicts(minutes)['data quality']).toBe('fail');
    expect(verdicts(constant)).toMatchObject({ 'data quality': 'pass', 'drift score': 'fail' });
  });

  test('with inverted labels fails by the class that changed most, three classes alike', () => {
    expect(verdicts(batch({ labels: { yes: 700, no: 300 } }))['change of label rate']).toBe('fail');

    const labels = { shares: { a: 0.2, b: 0.3, c: 0.5 }, rows: 5000 };
    const row = judgeBatch(batch({ labels: { a: 200, b: 500, c: 300 } }), {
      ...usual,
      labels,
      earlier: [],
    })[2];
    expect(row).toMatchObject({ verdict: 'fail', numbers: { usual: expect.any(Number) } });
    expect(row?.numbers.value).toBeCloseTo(0.2, 12);
  });

  test('is held to the median of earlier batches, which one alone does not make', () => {
    const three = [...usual.earlier, { rows: 90_000 }];

    expect(judgeBatch(batch(), { ...usual, earlier: three })[1]?.numbers.usualRows).toBe(1100);
    expect(judgeBatch(batch(), usual)[1]?.numbers.usualRows).toBe(1000);
    expect(verdicts(batch(), { earlier: three.slice(0, 1) }).rows).toBe('unknown');
  });

  test('too short for a score is unknown, and fails all the same where the score is past doubt', () => {
    const short = hoursOf(200);
    expect(verdicts(batch({ labels: { yes: 60, no: 140 } }, short))['drift score']).toBe('unknown');
    const constant = batch(
      { labels: { yes: 60, no: 140 } },
      short.map(() => 500),
    );
    expect(verdicts(constant)['drift score']).toBe('fail');
  });

  test('beside a champion without a baseline is unknown, and values have no rate', () => {
    const { baseline: _, labels: __, ...without } = usual;

    const rows = judgeBatch({ rows: 1000 }, without);

    expect(rows.map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ['data quality', 'unknown'],
      ['rows', 'pass'],
      ['drift score', 'unknown'],
    ]);
  });

  test('that a person has accepted counts as passed on their word', () => {
    const rows = judgeBatch(batch({ labels: { yes: 700, no: 300 } }), usual);

    const accepted = acceptedBy(rows, { by: 'Ada', why: 'a strike' });

    expect(accepted.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(accepted[2]?.because).toBe('accepted by Ada: a strike');
    expect(accepted[0]).toBe(rows[0]);
  });
});
