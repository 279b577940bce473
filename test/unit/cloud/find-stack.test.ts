import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { awsFault } from '../../../lib/cloud/aws-faults.ts';
import { openAws, outputsOf, placeOfStack, requireStack } from '../../../lib/cloud/find-stack.ts';
import { outputNames } from '../../../lib/wire/names.ts';

const failure = (name: string, message: string) =>
  new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode: 400 } });

const account = () => {
  const cloudFormation = new CloudFormationClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  return { cloudFormation, mock: mockClient(cloudFormation) };
};

const stack = (overrides: object = {}) => ({
  StackName: 'millrace-dev',
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/millrace-dev/abc',
  StackStatus: 'UPDATE_COMPLETE' as const,
  CreationTime: new Date(0),
  Outputs: Object.values(outputNames).map((name) => ({ OutputKey: name, OutputValue: `the ${name}` })),
  ...overrides,
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a stage', () => {
  it('is found by the outputs of its stack', async () => {
    const { cloudFormation, mock } = account();
    mock.on(DescribeStacksCommand, { StackName: 'millrace-dev' }).resolves({ Stacks: [stack()] });

    const found = await requireStack(await openAws({ cloudFormation }), 'dev', {});

    expect(outputsOf(found)).toMatchObject({ dataBucket: 'the DataBucket', table: 'the RegistryTable' });
    expect(placeOfStack(found)).toEqual({ account: '123456789012', region: 'eu-central-1' });
  });

  it('that is not there is told with the account and the region that were looked in', async () => {
    const { cloudFormation, mock } = account();
    mock
      .on(DescribeStacksCommand)
      .rejects(failure('ValidationError', 'Stack with id millrace-dev does not exist'));
    vi.stubGlobal('fetch', async (url: URL) => {
      expect(url.host).toBe('sts.eu-central-1.amazonaws.com');
      return new Response('<Arn>arn:aws:iam::123456789012:user/ada</Arn><Account>123456789012</Account>');
    });

    const looking = requireStack(await openAws({ cloudFormation }), 'dev', {});

    await expect(looking).rejects.toMatchObject({
      name: 'STAGE_UNKNOWN',
      message: expect.stringContaining(
        'no stack "millrace-dev" in account 123456789012, region eu-central-1; deploy it first',
      ),
    });
  });

  it('whose deployment did not get to its end is told with what is missing', () => {
    const half = stack({ StackStatus: 'ROLLBACK_COMPLETE', Outputs: [] });

    expect(() => outputsOf(half)).toThrow(/is ROLLBACK_COMPLETE and lacks the outputs DataBucket/);
  });

  it('behind a front door without a page has no address for people', () => {
    const Outputs = stack().Outputs.filter(({ OutputKey }) => OutputKey !== outputNames.consoleUrl);

    expect(outputsOf(stack({ Outputs })).consoleUrl).toBe('');
  });
});

describe('a fault of AWS', () => {
  it.each([
    ['CredentialsProviderError', 'Could not load credentials', 'AWS_CREDENTIALS_MISSING'],
    [
      'ExpiredTokenException',
      'The security token included in the request is expired',
      'AWS_CREDENTIALS_MISSING',
    ],
    ['UnrecognizedClientException', 'The security token is invalid', 'AWS_CREDENTIALS_MISSING'],
    ['AccessDeniedException', 'not authorized to perform dynamodb:Query', 'AWS_ACCESS_DENIED'],
  ])('%s is told as something people can mend', (name, message, code) => {
    const fault = awsFault(Object.assign(new Error(message), { name }));

    expect(fault).toMatchObject({ name: code, message: expect.stringContaining(message) });
  });

  it('that no answer came is told with what to look at, and only of AWS', () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND cloudformation.moon.amazonaws.com'), {
      code: 'ENOTFOUND',
    });

    expect(awsFault(error)).toBe(error);
    expect(awsFault(Object.assign(error, { $metadata: {} }))).toMatchObject({
      name: 'AWS_UNREACHABLE',
      message: expect.stringMatching(/moon\.amazonaws\.com.*check the name of the region/),
    });
  });

  it('that is none of these stays as it came', () => {
    const error = new Error('socket hang up');

    expect(awsFault(error)).toBe(error);
  });
});
