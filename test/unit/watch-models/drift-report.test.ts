import { expect, it } from 'vitest';
import { gatherDriftFacts, writeDriftReport } from '../../../lambdas/watch-models/drift-report.ts';
import { WindowRecord } from '../../../lib/domain/drift/index.ts';
import { objectKeys } from '../../../lib/wire/object-keys.ts';
import { model, watchedWorld } from './world.ts';

const window = (end: string, changes: object = {}) =>
  WindowRecord.parse({
    model,
    windowStart: '2026-11-21T09:00:00.000Z',
    windowEnd: end,
    from: '2026-11-21T09:00:00.000Z',
    windows: 1,
    version: 1,
    rows: 100,
    outcome: 'judged',
    requiredRows: 50,
    lanes: [{ lane: 'drift', score: 2, because: 'moved' }],
    columns: [
      {
        name: 'mass',
        of: 'feature',
        score: 2,
        movedShare: 0.3,
        psi: 0.2,
        ks: 0.3,
        missingShare: 0,
        missingShareBefore: 0,
        outsideShare: 0,
      },
    ],
    skippedFiles: [],
    skippedFileCount: 0,
    skippedLines: 0,
    judgedAt: end,
    ...changes,
  });

/** Heavier than validation knew them: 30 of 100 moved above the median. */
const profile = {
  rows: 100,
  columns: [{ counts: [4, 4, 4, 4, 4, 16, 16, 16, 16, 16, 0], outside: 0, wrong: 0 }],
};

const end = '2026-11-21T10:00:00.000Z';
const key = objectKeys.window(model, end, 'drift.html');
const readPage = async ({ objects }: { objects: { get: (key: string) => Promise<Uint8Array> } }) =>
  new TextDecoder().decode(await objects.get(key));

it('keeps one page a judged window, and the same page when the look is repeated', async () => {
  const world = await watchedWorld();
  await world.promote();

  await writeDriftReport({ record: window(end), profile }, world.services);
  const first = await readPage(world.services);
  await writeDriftReport({ record: window(end, { rows: 7 }), profile }, world.services);

  expect(await readPage(world.services)).toBe(first);
  expect(first).toContain('&quot;mass&quot;: more above 50 (+30 points), less up to 50 (−30 points)');
  expect(first).toContain('<h2>Then and now</h2><p class="note">Of the columns');
});

it('draws nothing of a window that was not judged', async () => {
  const world = await watchedWorld();
  await world.promote();

  await writeDriftReport(
    { record: window(end, { outcome: 'empty', lanes: [], columns: [] }) },
    world.services,
  );

  expect(await world.services.objects.head(key)).toBeUndefined();
});

it('finds by itself what was kept of the newest window, and draws it without what was not', async () => {
  const world = await watchedWorld();
  await world.promote();
  await world.services.registry.recordWindow(window('2026-11-21T09:00:00.000Z'));
  await world.services.registry.recordWindow(window(end));

  const without = await gatherDriftFacts(model, world.services);
  await world.services.objects.putIfAbsent(
    objectKeys.window(model, end, 'profile.json'),
    JSON.stringify(profile),
  );
  const facts = await gatherDriftFacts(model, world.services);

  expect(without.profile).toBeUndefined();
  expect(facts.profile).toEqual(profile);
  expect(facts.baseline?.rows).toBe(100_000);
  expect(facts.windows.map(({ windowEnd }) => windowEnd)).toEqual([end, '2026-11-21T09:00:00.000Z']);
  expect(facts.reigns).toHaveLength(1);
});

it('is drawn by the look that judges the window, with how its columns moved', async () => {
  const world = await watchedWorld();
  await world.promote();
  await world.ask(1000, { masses: (row) => (row % 50) + 51 });

  const judged = await world.judge();

  const page = await world.services.objects.get(
    objectKeys.window(model, judged?.windowEnd ?? '', 'drift.html'),
  );
  expect(new TextDecoder().decode(page)).toContain(
    '&quot;mass&quot;: more above 50 (+50 points), less up to 50 (−50 points)',
  );
});
