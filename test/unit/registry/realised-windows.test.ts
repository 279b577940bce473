import { describe, expect, test } from 'vitest';
import { RealisedWindow } from '../../../lib/domain/labels/index.ts';
import { freshRegistry } from './support/fresh-registry.ts';

const model = 'penguins';

const windowOf = (day: string, changes: object = {}): RealisedWindow =>
  RealisedWindow.parse({
    model,
    windowStart: `2026-01-${day}T00:00:00.000Z`,
    windowEnd: `2026-01-${day}T24:00:00.000Z`,
    version: 1,
    rows: 100,
    labelledRows: 10,
    outcome: 'waiting',
    because: 'more are due',
    unknownLabels: 0,
    correctedLabels: 0,
    measure: 'share of wrong answers',
    seen: 'a digest',
    updatedAt: '2026-01-09T00:00:00.000Z',
    ...changes,
  });

describe('what labels have told of a window', () => {
  test('is revised while it waits, newest windows first', async () => {
    const { registry } = freshRegistry();
    for (const day of ['03', '05', '04']) await registry.putRealisedWindow(windowOf(day), undefined);

    const before = await registry.findRealisedWindow(model, windowOf('04').windowEnd);
    await registry.putRealisedWindow(windowOf('04', { labelledRows: 50 }), before);

    const windows = await registry.listRealisedWindows(model);
    expect(windows.map(({ labelledRows }) => labelledRows)).toEqual([10, 50, 10]);
    expect(await registry.listRealisedWindows(model, { limit: 1 })).toEqual([windowOf('05')]);
  });

  test('is never changed once it is judged', async () => {
    const { registry } = freshRegistry();
    const judged = windowOf('03', { outcome: 'judged', judgedAt: '2026-01-09T00:00:00.000Z' });
    await registry.putRealisedWindow(judged, undefined);

    const before = await registry.findRealisedWindow(model, judged.windowEnd);
    const again = registry.putRealisedWindow(windowOf('03'), before);

    await expect(again).rejects.toMatchObject({ name: 'RECORD_CONFLICT' });
    expect(await registry.listRealisedWindows(model)).toEqual([judged]);
  });

  test('of two who looked at once one is told to look again', async () => {
    const { registry } = freshRegistry();
    await registry.putRealisedWindow(windowOf('03'), undefined);

    await expect(
      registry.putRealisedWindow(windowOf('03', { labelledRows: 99 }), undefined),
    ).rejects.toMatchObject({ name: 'RECORD_CONFLICT' });
  });
});
