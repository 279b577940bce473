import { expect, test } from 'vitest';
import { priorsOf, trivialBaseline } from '../../../lib/domain/evaluation/index.ts';

test('the baseline of classes answers the commonest training class at the training shares', () => {
  const target = { kind: 'classes', classes: ['a', 'b'], indices: Int32Array.of(1, 1, 0, 1) } as const;

  const baseline = trivialBaseline(priorsOf(target), 2);

  expect(baseline).toEqual({
    kind: 'classes',
    probabilities: Float64Array.of(0.25, 0.75, 0.25, 0.75),
    labels: Int32Array.of(1, 1),
  });
});

test('the baseline of values answers the training mean', () => {
  const target = { kind: 'values', values: Float64Array.of(1, 2, 6) } as const;

  expect(trivialBaseline(priorsOf(target), 2)).toEqual({ kind: 'values', values: Float64Array.of(3, 3) });
});
