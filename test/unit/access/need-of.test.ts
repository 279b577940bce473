import { describe, expect, it } from 'vitest';
import { needOf } from '../../../lib/domain/access/index.ts';

describe('what a request needs of a key', () => {
  it.each([
    ['GET', '/ping'],
    ['HEAD', '/ping'],
    ['GET', '/health'],
    ['GET', '/v2/health/live'],
    ['GET', '/v2/health/ready'],
  ])('is nothing for %s %s', (method, path) => {
    expect(needOf(method, path)).toBe('open');
  });

  it.each([
    ['POST', '/models/penguins/predict'],
    ['POST', '/v2/models/penguins/infer'],
    ['POST', '/v2/models/penguins/versions/3/infer'],
    ['POST', '/v1/models/penguins:predict'],
    ['POST', '/v1/models/penguins/versions/3:predict'],
    ['POST', '/models/penguins/invocations'],
    ['GET', '/models/penguins'],
    ['GET', '/v2/models/penguins/versions/3/ready'],
    ['GET', '/v1/models/penguins/metadata'],
    ['POST', '/models/p%65nguins/predict'],
  ])('is the scope predict for the model named, of %s %s', (method, path) => {
    expect(needOf(method, path)).toEqual({ scope: 'predict', model: 'penguins' });
  });

  it.each([
    ['GET', '/models'],
    ['GET', '/v2'],
    ['GET', '/'],
    ['POST', '/invocations'],
  ])('is the scope predict for all models, of %s %s', (method, path) => {
    expect(needOf(method, path)).toEqual({ scope: 'predict' });
  });

  it('is the scope label for the truth of a model', () => {
    expect(needOf('POST', '/models/penguins/labels')).toEqual({ scope: 'label', model: 'penguins' });
  });

  it.each([
    ['POST', '/models/penguins/promote'],
    ['POST', '/models/penguins/labels/predict'],
    ['DELETE', '/models/penguins'],
    ['PUT', '/models/penguins/predict'],
    ['POST', '/ping'],
    ['GET', '/v2/health/live/more'],
    ['GET', '/metrics'],
    ['POST', '/models/%E0%A4%A/anything'],
  ])('is the scope admin for what is not listed: %s %s', (method, path) => {
    expect(needOf(method, path)).toMatchObject({ scope: 'admin' });
  });
});
