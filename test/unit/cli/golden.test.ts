import { describe, expect, it } from 'vitest';
import type { GoldenSetRequest } from '../../../lib/cli/surroundings.ts';
import { trainVersion, withFlights } from './keyboard.ts';

const model = 'flight-delay';
const set = {
  model,
  revision: 1,
  key: 'golden/flight-delay/1/rows.parquet',
  sha256: 'a'.repeat(64),
  rows: 9_800,
  label: { false: 0.805, true: 0.195 },
  from: { kind: 'test-rows' as const, of: 'c0ffee'.repeat(10) },
  by: 'millrace',
  why: 'frozen with version 1',
};

describe('millrace golden', () => {
  it('shows the revisions, the one in force first', async () => {
    const typed = await withFlights();
    expect((await typed.type('golden', 'show', model)).out).toContain('has no golden set yet');
    await typed.registry.recordGoldenSet(set);
    const from = { kind: 'file' as const, of: 'checked.csv' };
    await typed.registry.recordGoldenSet({ ...set, revision: 2, from, by: 'ada', why: 'a new timetable' });

    const { out } = await typed.type('golden', 'show', model);

    expect(out.split('\n').map((line) => line.replace(/\s{2,}/g, ' | ').trim())).toEqual([
      expect.stringContaining('REVISION | ROWS'),
      expect.stringMatching(
        /^2 \| 9,800 \| checked.csv \| false 80.5 %, true 19.5 % .* ada \| a new timetable/,
      ),
      expect.stringMatching(
        /^1 \| 9,800 \| test rows of dataset c0ffeec0ffee .* millrace \| frozen with version 1/,
      ),
      '',
    ]);
  });

  it.each(['freeze', 'refresh'] as const)('%s needs a reason, and is kept under a name', async (action) => {
    const asked: GoldenSetRequest[] = [];
    const typed = await withFlights({
      freezeGoldenSet: async (_place, request) => {
        asked.push(request);
        return { ...set, at: '2026-11-21T12:00:00.000Z' };
      },
    });

    expect((await typed.type('golden', action, model)).exitCode).toBe(2);
    const { out } = await typed.type(
      'golden',
      action,
      model,
      '--file',
      '/data/checked.csv',
      '--why',
      'by hand',
    );

    expect(asked).toEqual([{ model, action, filePath: '/data/checked.csv', by: 'ada', why: 'by hand' }]);
    expect(out).toContain('The golden set of flight-delay is revision 1: 9,800 rows');
  });

  it('warns when what is trusted from now on contradicted what was trusted before', async () => {
    const typed = await withFlights({
      freezeGoldenSet: async () => ({ ...set, revision: 2, at: '2026-11-21T12:00:00.000Z' }),
    });
    await trainVersion(typed, 'one', 0.71);
    const refresh = () => typed.type('golden', 'refresh', model, '--why', 'the world has changed');

    await typed.registry.noteRun('one', { datasetVersion: set.from.of });
    expect((await refresh()).out).not.toContain('Look at these rows');
    await typed.registry.noteRun('one', { modelVersion: 1, challengerPath: 'conflict' });
    expect((await refresh()).out).toContain(
      'Look at these rows: version 1 learned from their dataset and was a conflict with the golden set before.',
    );
  });

  it('knows no golden set of a model that is not there', async () => {
    const typed = await withFlights();

    expect(await typed.type('golden', 'show', 'nobody')).toMatchObject({ exitCode: 4 });
  });
});

it('a run and a comparison of runs name where the gates led', async () => {
  const typed = await withFlights();
  await trainVersion(typed, 'one', 0.71);
  await trainVersion(typed, 'two', 0.72);
  await typed.registry.noteRun('two', { challengerPath: 'conflict' });

  expect((await typed.type('show', 'run', 'two')).out).toMatch(
    /Challenger +A conflict, for a person to decide/,
  );
  expect((await typed.type('runs', 'compare', 'one', 'two')).out).toMatch(/≠ +challenger +–? +conflict/);
});
