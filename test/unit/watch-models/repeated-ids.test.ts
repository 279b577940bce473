import { expect, test } from 'vitest';
import { repeatedIds } from '../../../lambdas/watch-models/repeated-ids.ts';

const toldAgain = (between: number): number => {
  const ids = repeatedIds();
  for (let n = 0; n < between; n += 1) ids.isRepeated(`prediction-${n}`);
  let told = 0;
  for (let n = 0; n < between; n += 1) if (ids.isRepeated(`prediction-${n}`)) told += 1;
  return told;
};

test('an id is new once; after 50,000 others it is still known', () => {
  const ids = repeatedIds();

  expect([ids.isRepeated('a'), ids.isRepeated('b'), ids.isRepeated('a')]).toEqual([false, false, true]);
  expect(toldAgain(50_000)).toBe(50_000);
});

test('what is forgotten is new again', () => {
  const ids = repeatedIds();
  ids.isRepeated('a');

  ids.forget();

  expect(ids.isRepeated('a')).toBe(false);
});
