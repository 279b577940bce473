import { describe, expect, it } from 'vitest';
import { parseModelSpec } from '../../../lib/domain/model-spec/index.ts';

const parse = (trainer: object) =>
  parseModelSpec(JSON.stringify({ name: 'lamps', task: 'binary', target: 'broken', trainer })).trainer;
const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/mine@sha256:'.concat('a'.repeat(64));

describe('a trainer that runs on SageMaker', () => {
  it('needs one word: the machine is small and spare', () => {
    expect(parse({ kind: 'xgboost' })).toMatchObject({
      rounds: 300,
      treeMethod: 'hist',
      sagemaker: { instanceType: 'ml.m5.xlarge', instanceCount: 1, spot: true, maxRuntimeSeconds: 14_400 },
    });
    expect(parse({ kind: 'container', image })).toMatchObject({
      hyperparameters: {},
      hasNetwork: false,
      seed: 7,
    });
  });

  it.each<[string, object, string]>([
    [
      'a hyperparameter XGBoost would refuse after an hour',
      { kind: 'xgboost', numRound: 3 },
      'trainer.numRound',
    ],
    ['the name of XGBoost where we have a word', { kind: 'xgboost', eta: 0.1 }, 'trainer.eta'],
    ['a learning rate above 1', { kind: 'xgboost', learningRate: 2 }, 'trainer.learningRate'],
    [
      'an instance type of another service',
      { kind: 'xgboost', sagemaker: { instanceType: 'm5.xlarge' } },
      'trainer.sagemaker.instanceType',
    ],
    [
      'two machines for one of our own',
      { kind: 'linear', sagemaker: { instanceCount: 2 } },
      'trainer.sagemaker.instanceCount',
    ],
    ['an image that is not in ECR', { kind: 'container', image: 'docker.io/me/mine' }, 'trainer.image'],
    [
      'a hyperparameter that is no text',
      { kind: 'container', image, hyperparameters: { layers: 3 } },
      'trainer.hyperparameters.layers',
    ],
    [
      'a patience shorter than the work',
      { kind: 'xgboost', sagemaker: { maxWaitSeconds: 100 } },
      'trainer.sagemaker.maxWaitSeconds',
    ],
    [
      'a patience without spot',
      { kind: 'linear', sagemaker: { spot: false, maxWaitSeconds: 99_999 } },
      'trainer.sagemaker.maxWaitSeconds',
    ],
    [
      'exact splits over several machines',
      { kind: 'xgboost', treeMethod: 'exact', sagemaker: { instanceCount: 2 } },
      'trainer.treeMethod',
    ],
    [
      'more hyperparameters than a state may hold',
      {
        kind: 'container',
        image,
        hyperparameters: Object.fromEntries(
          Array.from({ length: 90 }, (_, at) => [`p${at}`, 'x'.repeat(2000)]),
        ),
      },
      'trainer.hyperparameters',
    ],
  ])('is refused with %s, by its path', (_, trainer, at) => {
    expect(() => parse(trainer)).toThrow(
      expect.objectContaining({ name: 'MODEL_SPEC_INVALID', message: expect.stringContaining(`${at}: `) }),
    );
  });
});
