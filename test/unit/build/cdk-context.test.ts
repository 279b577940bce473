import { describe, expect, it } from 'vitest';
import { contextIn, requireKnownKeys, signInHint } from '../../../build/cdk-context.ts';

describe('what -c gives to a deployment', () => {
  it('is read in each spelling of the CDK', () => {
    const given = [
      '-c',
      'stage=prod',
      '-cdashboard=true',
      '--context=region=eu-west-1',
      '--context',
      'a:b=c=d',
    ];

    expect(Object.fromEntries(contextIn(given))).toEqual({
      stage: 'prod',
      dashboard: 'true',
      region: 'eu-west-1',
      'a:b': 'c=d',
    });
  });

  it.each(['Stage=prod', 'stagee=prod', 'log=1'])('%s is refused, not passed over', (pair) => {
    expect(() => requireKnownKeys(contextIn(['-c', pair]))).toThrow(/is no setting, expected one of stage, /);
  });

  it('may be any setting, and any key of the CDK', () => {
    const given = ['-c', 'stage=prod', '-c', '@aws-cdk/core:x=true', '-c', 'aws:cdk:bundling-stacks=[]'];

    expect(() => requireKnownKeys(contextIn(given))).not.toThrow();
  });
});

describe('a deployment that fails', () => {
  it('tells how to sign in where nothing names credentials', () => {
    expect(signInHint('deploy', { HOME: '/nowhere' })).toContain('aws sso login');
  });

  it.each([
    ['deploy', { HOME: '/nowhere', AWS_PROFILE: 'work' }],
    ['diff', { HOME: '/nowhere', AWS_ACCESS_KEY_ID: 'A' }],
    ['synth', { HOME: '/nowhere' }],
  ])('says nothing of that: %s with %j', (command, env) => {
    expect(signInHint(command, env)).toBeUndefined();
  });
});
