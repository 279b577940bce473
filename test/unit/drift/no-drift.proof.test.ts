import { expect, test } from 'vitest';
import {
  type AgrawalConcept,
  type Answer,
  agrawalStream,
  type ConceptStream,
  hyperplaneClass,
  hyperplaneStream,
  ledBayesClass,
  ledStream,
  type SeaConcept,
  type StaggerConcept,
  seaClass,
  seaStream,
  staggerClass,
  staggerStream,
} from '../../support/streams/index.ts';
import { watchLanes } from './watch-lanes.ts';

type Still = (seed: number, variant: number) => readonly [ConceptStream, Answer];

/** Streams in which nothing changes, and the model of each. */
const stillStreams: readonly Still[] = [
  (seed, variant) => {
    const concept = (variant % 4) as SeaConcept;
    return [seaStream({ seed, concept }), (cells) => seaClass(cells, concept)];
  },
  (seed, variant) => {
    const concept = (variant % 3) as StaggerConcept;
    return [staggerStream({ seed, concept }), (cells) => staggerClass(cells, concept)];
  },
  (seed, variant) => [
    ledStream({ seed, concept: 0, hasIrrelevant: variant % 2 === 0 }),
    (cells) => ledBayesClass(cells),
  ],
  (seed) => {
    const stream = hyperplaneStream({ seed });
    return [stream, (cells) => hyperplaneClass(cells, stream.weights)];
  },
  (seed, variant) => [
    agrawalStream({ seed, concept: ((variant % 10) + 1) as AgrawalConcept }),
    // A model of one cut, and not a good one: it need only answer by what it sees.
    ([, , age = 0]) => (age >= 40 && age < 60 ? 1 : 0),
  ],
];

/** Seconds by itself; many times that where cores are shared. */
const timeout = 180_000;

test('no lane rings in 180 runs of 20 windows in which nothing changes', { timeout }, () => {
  const kinds = stillStreams.length;
  const runs = Array.from({ length: 180 }, (_, run) => {
    const still = stillStreams[run % kinds] as Still;
    return watchLanes(...still(1000 + run, Math.floor(run / kinds)), 20);
  });

  expect(runs.map(({ driftAlarms }) => driftAlarms)).toEqual(runs.map(() => 0));
  expect(runs.map(({ qualityAlarms }) => qualityAlarms)).toEqual(runs.map(() => 0));
  // Nor does any single one of the 3,600 windows pass the limit: two of three are not even needed.
  expect(Math.max(...runs.map(({ largestDrift }) => largestDrift))).toBeLessThan(1);
});
