import { describe, expect, test } from 'vitest';
import type { Champion } from '../../../lambdas/prepare-dataset/champion.ts';
import {
  besideChampion,
  type Judged,
  type JudgeFacts,
  judgementsToKeep,
} from '../../../lambdas/prepare-dataset/judge-batches.ts';
import type { RunSource } from '../../../lambdas/run-sources.ts';
import { categoryBins } from '../../../lib/domain/drift/index.ts';
import type { GoldenSet } from '../../../lib/domain/golden/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import type { BatchJudgement } from '../../../lib/domain/registry/index.ts';

const spec = ModelSpec.parse({ name: 'lamps', task: 'binary', target: 'broken' });

const champion: Champion = {
  version: 1,
  specRevision: 1,
  createdAt: '2026-11-01T00:00:00.000Z',
  seen: new Set(['year']),
  baseline: {
    schemaVersion: 2,
    model: 'lamps',
    datasetVersion: 'd1',
    rows: 4000,
    columns: [],
    label: {
      name: 'broken',
      of: 'label',
      bins: categoryBins(
        new Map([
          ['yes', 800],
          ['no', 3200],
        ]),
      ),
      counts: { counts: [3200, 800, 0, 0], outside: 0, wrong: 0 },
    },
    promises: [],
  },
};

const golden = (at: string): GoldenSet => ({
  model: 'lamps',
  revision: 1,
  key: 'golden/lamps/1/rows.parquet',
  sha256: 'golden',
  rows: 4000,
  label: { no: 0.5, yes: 0.5 },
  from: { kind: 'file', of: 'trusted.csv' },
  by: 'Ada',
  why: 'the world has changed',
  at,
});

const source = (batchId: string, name = `${batchId}.csv`): RunSource => ({
  key: `sources/lamps/${batchId}.csv`,
  droppedAs: `incoming/lamps/${name}`,
  batchId,
  sha256: batchId,
  sizeBytes: 1,
  format: 'csv',
  isNew: true,
});

const earlier = (
  batchId: string,
  rows: number,
  state: BatchJudgement['state'],
  kind: BatchJudgement['kind'] = 'dropped',
): BatchJudgement => ({
  model: 'lamps',
  batchId,
  kind,
  state,
  rows,
  labels: { no: rows / 2, yes: rows / 2 },
  gate: [],
  runId: `run-${batchId}`,
  at: '2026-11-02T00:00:00.000Z',
});

/** What is said of the rows and the label rate of one more week of 1,000 lamps, half of them broken. */
const verdictsOn = (facts: Partial<JudgeFacts>, week: RunSource = source('week')) => {
  const judged: Judged = new Map();
  const given = {
    spec,
    champion,
    golden: undefined,
    judgements: [],
    ...facts,
    sources: [source('year'), week],
  };
  const held = besideChampion(given, judged).hold([
    { batchId: 'week', rows: 1000, labels: { no: 500, yes: 500 } },
  ]);
  const said = Object.fromEntries((judged.get('week') ?? []).map((row) => [row.subject, row.verdict]));
  return { held, rows: said.rows, labels: said['change of label rate'] };
};

describe('what is usual of a new batch', () => {
  test('is the label rate of the golden set that was frozen after the champion was made, else that of validation', () => {
    expect(verdictsOn({})).toMatchObject({ labels: 'fail', held: ['week'] });
    expect(verdictsOn({ golden: golden('2026-10-01T00:00:00.000Z') }).labels).toBe('fail');
    expect(verdictsOn({ golden: golden('2026-11-20T00:00:00.000Z') })).toMatchObject({
      labels: 'pass',
      held: [],
    });
  });

  test('is no label rate at all once model.json asks another question than the champion was asked', () => {
    const asked = { ...champion, hasOtherTarget: true };

    expect(verdictsOn({ champion: asked })).toMatchObject({ labels: 'unknown', held: [] });
    expect(verdictsOn({ champion: asked, golden: golden('2026-11-20T00:00:00.000Z') }).labels).toBe(
      'unknown',
    );
  });

  test('is the size of batches of its own kind that were let in beside a champion', () => {
    const weeks = [earlier('a', 1000, 'passed'), earlier('b', 1000, 'accepted')];
    const years = [earlier('a', 90_000, 'unjudged'), earlier('b', 90_000, 'quarantined')];
    const joined = source('week', 'from-labels/2026-11-20.jsonl.gz');

    expect(verdictsOn({ judgements: weeks }).rows).toBe('pass');
    expect(verdictsOn({ judgements: years }).rows).toBe('unknown');
    expect(verdictsOn({ judgements: weeks }, joined).rows).toBe('unknown');
    const fewer = [earlier('a', 300, 'passed', 'from-labels'), earlier('b', 400, 'passed', 'from-labels')];
    expect(verdictsOn({ judgements: fewer }, joined).rows).toBe('fail');
  });

  test('is told by what was there before the champion only where that is more than years at once', () => {
    const year = earlier('year', 90_000, 'unjudged');
    const weeks = [earlier('a', 1000, 'unjudged'), earlier('b', 1000, 'passed')];

    expect(verdictsOn({ judgements: [year, ...weeks.slice(1)] }).rows).toBe('unknown');
    expect(verdictsOn({ judgements: [year, ...weeks] }).rows).toBe('pass');
    expect(verdictsOn({ judgements: [earlier('week', 9, 'unjudged'), ...weeks] }).rows).toBe('unknown');
  });
});

describe('which batches are judged', () => {
  const newBatches = (judgements: readonly BatchJudgement[]) =>
    besideChampion(
      { spec, champion, golden: undefined, judgements, sources: [source('year'), source('week')] },
      new Map(),
    ).newBatches;

  test('those with content the champion was not made of, once each', () => {
    expect(newBatches([])).toEqual([{ batchId: 'week', sources: ['week'], isToJudge: true }]);
    expect(newBatches([earlier('week', 9, 'passed')])[0]?.isToJudge).toBe(false);
    expect(newBatches([earlier('week', 9, 'accepted')])[0]?.isToJudge).toBe(false);
    // Taken in by a run that began before there was a champion.
    expect(newBatches([earlier('week', 9, 'unjudged')])[0]?.isToJudge).toBe(true);
  });

  test('all are remembered with their rows and labels, also those that could not be judged', () => {
    const sources = [source('year'), source('week', 'a.csv'), { ...source('week', 'b.csv'), sha256: 'b' }];
    const sourceRows = [
      { rows: 90, labels: { no: 90 } },
      { rows: 5, labels: { no: 4, yes: 1 } },
      { rows: 6, labels: { no: 6 } },
    ];

    const kept = judgementsToKeep(
      { sourceRows, held: ['week'] },
      { model: 'lamps', runId: 'run-week', version: 1 },
      sources,
      new Map([['week', []]]),
    );

    expect(kept).toMatchObject([
      { batchId: 'year', state: 'unjudged', rows: 90 },
      { batchId: 'week', state: 'quarantined', rows: 11, labels: { no: 10, yes: 1 }, version: 1 },
    ]);
    expect(kept[0]).not.toHaveProperty('version');
  });
});
