import { expect, test } from 'vitest';
import {
  agrawalStream,
  type ConceptStream,
  hyperplaneStream,
  ledStream,
  seaStream,
  staggerStream,
  takeRows,
} from '../../support/streams/index.ts';

test('every stream repeats itself by its seed, and only by that', () => {
  const makers: readonly ((seed: number) => ConceptStream)[] = [
    (seed) => seaStream({ seed, concept: 0 }),
    (seed) => staggerStream({ seed, concept: 1 }),
    (seed) => ledStream({ seed, concept: 0, hasIrrelevant: true }),
    (seed) => hyperplaneStream({ seed, changePerRow: 0.001 }),
    (seed) => agrawalStream({ seed, concept: 5 }),
  ];

  for (const make of makers) {
    expect(takeRows(make(7), 200)).toEqual(takeRows(make(7), 200));
    expect(takeRows(make(7), 200)).not.toEqual(takeRows(make(8), 200));
  }
});
