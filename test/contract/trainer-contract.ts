import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import { readSignature } from '../../lib/domain/signature/index.ts';
import type { Trainer, TrainingProgress } from '../../lib/ports/trainer.ts';
import { type PenguinStory, penguinJob, readPenguins } from './penguin-job.ts';

const artifacts = ['model.onnx', 'signature.json', 'training.json'] as const;

/** What every Trainer promises; each adapter runs it. */
export const trainerContract = (name: string, makeTrainer: () => Trainer): void => {
  describe(`${name} keeps the promises of a trainer`, () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'millrace-trainer-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const job = (story: PenguinStory = {}) => penguinJob(folder, story);

    it('writes a model that answers raw columns by its signature, better than the commonest class', async () => {
      const penguins = await job();

      await makeTrainer().train(penguins);

      const signature = readSignature(readFileSync(path.join(penguins.artifactFolder, 'signature.json')));
      const model = await openModel(path.join(penguins.artifactFolder, 'model.onnx'), signature);
      const { table, target } = await readPenguins(penguins, 'validation');
      const predictions = await model.run(table);
      await model.release();
      if (predictions.kind !== 'classes' || target.kind !== 'classes') throw new Error('expected classes');
      const right = predictions.labels.filter((label, row) => label === target.indices[row]);
      expect(signature.classes).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
      expect(right.length / table.rows).toBeGreaterThan(0.9);
    });

    it.each(['boosted-trees', 'linear'] as const)(
      'gives the same bytes for the same job twice: %s',
      async (kind) => {
        const once = await job({ kind });
        const again = await job({ kind });

        await makeTrainer().train(once);
        await makeTrainer().train({ ...again, runId: 'another-run' });

        for (const file of artifacts)
          expect(readFileSync(path.join(again.artifactFolder, file))).toEqual(
            readFileSync(path.join(once.artifactFolder, file)),
          );
      },
    );

    it('tells how far it is, never going back within a phase', async () => {
      const seen: TrainingProgress[] = [];

      await makeTrainer().train(await job(), (progress) => seen.push(progress));

      const phases = Map.groupBy(seen, ({ phase }) => phase);
      expect([...phases.keys()]).toEqual(['read', 'features', 'train', 'write']);
      for (const each of phases.values()) {
        const fractions = each.map(({ fraction }) => fraction);
        expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
        expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      }
    });

    it('fails with the error of a listener that throws', async () => {
      const broken = () => {
        throw new RangeError('no more room for progress');
      };

      await expect(makeTrainer().train(await job(), broken)).rejects.toThrow('no more room for progress');
    });

    it('keeps code, words and details of an error about the data', async () => {
      const penguins = await job({ where: "species = 'Adelie'" });

      await expect(makeTrainer().train(penguins)).rejects.toMatchObject({
        name: 'ONE_CLASS_TARGET',
        message: expect.stringMatching(
          /only the class "Adelie", expected at least 2 classes; check the target/,
        ),
        details: { classes: ['Adelie', 'Chinstrap', 'Gentoo'] },
      });
      expect(artifacts.filter((file) => existsSync(path.join(penguins.artifactFolder, file)))).toEqual([]);
    });

    it('calls anything else TRAINING_FAILED and names the cause', async () => {
      const penguins = await job();
      rmSync(path.join(penguins.datasetFolder, 'train.parquet'));

      await expect(makeTrainer().train(penguins)).rejects.toMatchObject({
        name: 'TRAINING_FAILED',
        cause: expect.objectContaining({ message: expect.stringContaining('train.parquet') }),
      });
    });

    it('stops at the time-out and says how long that was', async () => {
      const penguins = await job();

      await expect(makeTrainer().train({ ...penguins, timeoutSeconds: 0.001 })).rejects.toMatchObject({
        name: 'TRAINING_TIMED_OUT',
        message: expect.stringContaining('stopped after 0.001 s'),
      });
    });

    it.each(['read', 'features', 'train'])(
      'stops within a second when its signal aborts in the phase "%s", with the reason of the signal',
      async (phase) => {
        const penguins = await job({ rounds: 5000, hasEarlyStopping: false });
        const controller = new AbortController();
        let abortedAt = 0;
        const abort = () => {
          abortedAt ||= performance.now();
          controller.abort(new RangeError('enough'));
        };

        const training = makeTrainer().train(
          penguins,
          (progress) => progress.phase === phase && abort(),
          controller.signal,
        );

        await expect(training).rejects.toThrow(new RangeError('enough'));
        expect(performance.now() - abortedAt).toBeLessThan(1000);
        expect(readdirSync(penguins.artifactFolder)).toEqual([]);
      },
    );

    it('does not begin when its signal has aborted before', async () => {
      const training = makeTrainer().train(
        await job(),
        () => {},
        AbortSignal.abort(new RangeError('too late')),
      );

      await expect(training).rejects.toThrow('too late');
    });
  });
};
