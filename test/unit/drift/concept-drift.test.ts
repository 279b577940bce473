import { describe, expect, test } from 'vitest';
import {
  type Answer,
  type ConceptStream,
  type SeaConcept,
  type StaggerConcept,
  seaClass,
  seaStream,
  seaThresholds,
  staggerClass,
  staggerStream,
} from '../../support/streams/index.ts';
import { baselineRows, watchLanes, windowRows } from './watch-lanes.ts';

const windowsBefore = 10;
const atRow = baselineRows + windowsBefore * windowRows;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every ordered pair of different concepts. */
const changes = <Concept extends number>(concepts: readonly Concept[]) =>
  concepts.flatMap((from) => concepts.filter((to) => to !== from).map((to) => ({ from, to })));

/**
 * Holds the input lanes to silence while the model, right about the first concept, loses what it must. Rows of the
 * means compared: 5,000 each; four standard errors of their difference.
 */
const expectBlindness = (stream: ConceptStream, answer: Answer, exactLoss: number) => {
  const { driftAlarms, qualityAlarms, accuracy } = watchLanes(stream, answer, 2 * windowsBefore);
  const [before, after] = [mean(accuracy.slice(0, windowsBefore)), mean(accuracy.slice(windowsBefore))];
  const error = Math.sqrt((before * (1 - before) + after * (1 - after)) / (windowsBefore * windowRows));

  expect({ driftAlarms, qualityAlarms }).toEqual({ driftAlarms: 0, qualityAlarms: 0 });
  expect(Math.abs(before - after - exactLoss)).toBeLessThan(4 * error);
  expect(before - after).toBeGreaterThan(0);
};

describe('when a concept changes and the inputs do not, no input lane rings', () => {
  test.each(changes<SeaConcept>([0, 1, 2, 3]))('SEA, concept $from to $to', ({ from, to }) => {
    const stream = seaStream({ seed: 300 + 4 * from + to, concept: from, switch: { atRow, to } });
    const disagreement = Math.abs(seaThresholds[from] ** 2 - seaThresholds[to] ** 2) / 200;

    // Where the concepts disagree the model is right with 0.1 instead of 0.9.
    expectBlindness(stream, (cells) => seaClass(cells, from), 0.8 * disagreement);
  });

  const staggerDisagreements = [
    [0, 16, 21],
    [16, 0, 13],
    [21, 13, 0],
  ];

  test.each(changes<StaggerConcept>([0, 1, 2]))('STAGGER, concept $from to $to', ({ from, to }) => {
    const stream = staggerStream({ seed: 400 + 3 * from + to, concept: from, switch: { atRow, to } });
    const disagreement = (staggerDisagreements[from]?.[to] as number) / 27;

    expectBlindness(stream, (cells) => staggerClass(cells, from), disagreement);
  });
});
