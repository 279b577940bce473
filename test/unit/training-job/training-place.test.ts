import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelSpec, type TrainerSpec } from '../../../lib/domain/model-spec/index.ts';
import {
  type TrainingJobs,
  type TrainingSize,
  trainingPlace,
} from '../../../lib/domain/training-job/index.ts';

const trainerOf = (trainer: object): TrainerSpec =>
  ModelSpec.parse({ name: 'lamps', task: 'binary', target: 'broken', trainer }).trainer;

const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/millrace-trainer:1';
const account: TrainingJobs = {
  stage: 'dev',
  region: 'eu-central-1',
  roleArn: 'arn:aws:iam::123456789012:role/training',
  dataBucket: 'data',
  artifactBucket: 'artifacts',
};
const withImage = { ...account, trainerImage: image };

const week: TrainingSize = { rows: 115_000, columns: 9, outputs: 1, datasetBytes: 2e6 };
const years: TrainingSize = { rows: 30_000_000, columns: 30, outputs: 1, datasetBytes: 1e9 };

describe('where a model trains', () => {
  it('is here on a laptop, for our own trainers, whatever compute says and however much there is', () => {
    for (const kind of ['linear', 'boosted-trees'])
      for (const compute of ['lambda', 'sagemaker', 'auto'])
        expect(trainingPlace({ trainer: trainerOf({ kind, compute }), size: years }).where).toBe('here');
  });

  it.each([{ kind: 'xgboost' }, { kind: 'container', image }])(
    'is nowhere on a laptop for $kind, which the error says with what to do',
    (trainer) => {
      expect(() => trainingPlace({ trainer: trainerOf(trainer), size: week })).toThrow(
        expect.objectContaining({
          name: 'TRAINER_NOT_LOCAL',
          message: expect.stringContaining('set trainer.kind to "boosted-trees" or "linear"'),
        }),
      );
    },
  );

  it('is Lambda while time and memory suffice, and SageMaker beyond, with the reason', () => {
    const trainer = trainerOf({ kind: 'boosted-trees' });

    expect(trainingPlace({ trainer, size: week, jobs: withImage })).toEqual({
      where: 'here',
      because: 'it fits into Lambda',
    });
    expect(trainingPlace({ trainer, size: years, jobs: withImage })).toEqual({
      where: 'sagemaker',
      because: 'about 5400 s of training, over the 500 s Lambda has for it',
    });
  });

  it('weighs classes and rounds, memory and disk', () => {
    const reason = (trainer: object, size: Partial<TrainingSize>) =>
      trainingPlace({ trainer: trainerOf(trainer), size: { ...week, ...size }, jobs: withImage }).because;

    const rows = { rows: 3_000_000, columns: 20 };
    expect(reason({ kind: 'boosted-trees' }, rows)).toBe('it fits into Lambda');
    expect(reason({ kind: 'boosted-trees' }, { ...rows, outputs: 5 })).toMatch(/^about 1800 s/);
    expect(reason({ kind: 'boosted-trees', rounds: 10 }, { rows: 1e7, columns: 30 })).toMatch(/MB of memory/);
    expect(reason({ kind: 'linear' }, { datasetBytes: 4 * 2 ** 30 })).toMatch(/^4096 MB of data/);
  });

  it('stays Lambda without the image of our trainer, and says that it is tight', () => {
    expect(
      trainingPlace({ trainer: trainerOf({ kind: 'boosted-trees' }), size: years, jobs: account }),
    ).toEqual({
      where: 'here',
      because:
        'about 5400 s of training, over the 500 s Lambda has for it, but the stage has no trainerImage',
    });
  });

  it('is where compute says, and an error where that cannot be', () => {
    const on = (compute: string) => trainerOf({ kind: 'linear', compute });

    expect(trainingPlace({ trainer: on('lambda'), size: years, jobs: withImage }).where).toBe('here');
    expect(trainingPlace({ trainer: on('sagemaker'), size: week, jobs: withImage }).where).toBe('sagemaker');
    expect(() => trainingPlace({ trainer: on('sagemaker'), size: week, jobs: account })).toThrow(
      expect.objectContaining({ name: 'TRAINER_IMAGE_MISSING' }),
    );
  });

  it('never comes back to Lambda as data grows', () => {
    const size = fc.record({
      rows: fc.integer({ min: 1, max: 1e8 }),
      columns: fc.integer({ min: 1, max: 1000 }),
      outputs: fc.integer({ min: 1, max: 50 }),
      datasetBytes: fc.integer({ min: 1, max: 1e10 }),
    });
    const trainer = trainerOf({ kind: 'boosted-trees' });
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 100 }), (small, times) => {
        const large = { ...small, rows: small.rows * times };
        const [before, after] = [small, large].map(
          (each) => trainingPlace({ trainer, size: each, jobs: withImage }).where,
        );
        return before === 'here' || after === 'sagemaker';
      }),
      { seed: 42 },
    );
  });
});
