import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { type PreparationProgress, prepareDataset } from '../../../lib/adapters/duckdb/prepare-dataset.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { defaultNow, houses, sourceOf, specOf } from './preparing.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('a preparation whose signal aborts', () => {
  it.each(['read', 'check', 'write', 'profile'] as const)(
    'in the phase "%s" rejects with the reason of the signal and leaves no working files',
    async (phase) => {
      const outputFolder = join(folder.path, phase);
      mkdirSync(outputFolder);
      const controller = new AbortController();
      const seen: PreparationProgress['phase'][] = [];

      const preparing = prepareDataset({
        spec: specOf({}),
        sources: [sourceOf(folder.path, ['houses.csv', houses(2000)])],
        outputFolder,
        now: defaultNow,
        threads: 1,
        signal: controller.signal,
        onProgress: (progress) => {
          seen.push(progress.phase);
          if (progress.phase === phase) controller.abort(new RangeError('enough'));
        },
      });

      await expect(preparing).rejects.toThrow(new RangeError('enough'));
      expect(seen.at(-1)).toBe(phase);
      expect(existsSync(join(outputFolder, '.work'))).toBe(false);
      expect(existsSync(join(outputFolder, 'model.resolved.json'))).toBe(false);
    },
  );
});

describe('a statement whose signal aborts', () => {
  it('is interrupted within a second, and no other begins', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const database = await openDuckDb({ folder: join(folder.path, 'endless'), threads: 1, signal });

    const work = database.rows('SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b');
    const abortedAt = performance.now();
    controller.abort(new RangeError('enough'));

    await expect(work).rejects.toThrow(new RangeError('enough'));
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    await expect(database.rows('SELECT 1')).rejects.toThrow('enough');
    database.close();
  });
});
