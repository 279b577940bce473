import { describe, expect, test } from 'vitest';
import { type JudgedLabels, judgeLabels, realisedCounter } from '../../../lib/domain/labels/index.ts';
import { judgeLane, type LaneState, laneRuleOf } from '../../../lib/domain/lane-alarms/index.ts';
import {
  type ClassQuality,
  fitCalibration,
  isKnown,
  qualityCounter,
} from '../../../lib/domain/quality/index.ts';
import {
  type Answer,
  type ConceptStream,
  type SeaConcept,
  type StaggerConcept,
  type StreamRows,
  seaClass,
  seaStream,
  staggerClass,
  staggerStream,
  takeRows,
} from '../../support/streams/index.ts';

const baselineRows = 5000;
const windowRows = 500;
const windowsBefore = 10;
const atRow = baselineRows + windowsBefore * windowRows;

const cellsAt = ({ columns }: StreamRows, row: number) =>
  Float64Array.from(columns, (column) => column[row] as number);

/** A model that knows the first concept, and is 95 % sure of whatever it answers. */
const watched = (stream: ConceptStream, answer: Answer) => {
  const answersTo = (rows: StreamRows) =>
    Array.from({ length: rows.rows }, (_, row) => {
      const label = answer(cellsAt(rows, row));
      return { label: `${label}`, probability: label === 1 ? 0.95 : 0.05 };
    });
  const reference = takeRows(stream, baselineRows);
  const answers = answersTo(reference);
  const map = fitCalibration({
    scores: answers.map(({ probability }) => probability),
    outcomes: reference.labels,
  });
  if (!isKnown(map)) throw new Error(map.unknown);
  const quality: ClassQuality = {
    kind: 'classes',
    classes: ['0', '1'],
    positiveClass: '1',
    maps: [map],
    estimated: { unknown: 'not asked here' },
    windowRows,
    realised: {
      rows: baselineRows,
      errors: answers.filter(({ label }, row) => label !== `${reference.labels[row]}`).length,
    },
  };
  return {
    nextWindow: (): JudgedLabels => {
      const rows = takeRows(stream, windowRows);
      const counter = realisedCounter('binary');
      const estimated = qualityCounter({ quality, columns: [] });
      answersTo(rows).forEach((output, row) => {
        const label = `${rows.labels[row]}`;
        const moment = { atMs: 0, receivedMs: 0, firstReceivedMs: 0, source: '', row: 1 };
        counter.add({ output, atMs: 0 }, { label, truth: { label }, isCorrected: false, ...moment });
        estimated.add({ output, cellOf: () => undefined });
      });
      return judgeLabels({
        windowStartMs: 0,
        windowEndMs: 1,
        nowMs: 2,
        counts: counter.counts(),
        usualDelayMs: 1,
        quality,
        estimate: estimated.estimate(estimated.counts()),
        widenedBy: 1,
      });
    },
  };
};

/** Nothing rings, and estimates hold, until the concept changes; then both within three windows. */
const expectFound = (stream: ConceptStream, answer: Answer) => {
  const { nextWindow } = watched(stream, answer);
  const rule = laneRuleOf('realised-quality', 24);
  const scores: (number | undefined)[] = [];
  let state: LaneState = 'unknown';
  const next = () => {
    const judged = nextWindow();
    scores.push(judged.score);
    state = judgeLane(scores, rule, state);
    return { state, reliability: judged.reliability };
  };

  const before = Array.from({ length: windowsBefore }, next);
  const after = Array.from({ length: 3 }, next);

  expect(before.map((window) => window.state)).toEqual(new Array(windowsBefore).fill('ok'));
  // By chance alone one window in 370 lies outside of three standard deviations.
  expect(before.filter(({ reliability }) => reliability !== 'reliable').length).toBeLessThanOrEqual(1);
  expect(after.map((window) => window.state)).toContain('alarm');
  expect(after.map(({ reliability }) => reliability)).toContain('unreliable');
};

describe('a concept that changes rings realised quality within three windows, and marks estimates unreliable', () => {
  /** Every change on which a twentieth of the answers or more turns wrong: a smaller one hides in the noise of 500 rows. */
  const seaChanges: readonly (readonly [SeaConcept, SeaConcept])[] = [
    [0, 1],
    [0, 3],
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 1],
    [2, 3],
    [3, 0],
    [3, 2],
  ];
  test.each(seaChanges)('SEA, concept %i to %i', (from, to) => {
    expectFound(seaStream({ seed: 500 + 4 * from + to, concept: from, switch: { atRow, to } }), (cells) =>
      seaClass(cells, from),
    );
  });

  const concepts: readonly StaggerConcept[] = [0, 1, 2];
  const staggerChanges = concepts.flatMap((from) =>
    concepts.filter((to) => to !== from).map((to) => [from, to] as const),
  );
  test.each(staggerChanges)('STAGGER, concept %i to %i', (from, to) => {
    expectFound(staggerStream({ seed: 600 + 3 * from + to, concept: from, switch: { atRow, to } }), (cells) =>
      staggerClass(cells, from),
    );
  });
});
