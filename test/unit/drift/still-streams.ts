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

type Still = (seed: number, variant: number) => readonly [ConceptStream, Answer];

/** Streams in which nothing changes, and the model of each. */
export const stillStreams: readonly Still[] = [
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
