import { describe, expect, it } from 'vitest';
import { type RequestToSign, signRequest } from '../../../lib/cloud/sign-request.ts';

const common = {
  region: 'eu-central-1',
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'a/token=',
  },
  now: Date.UTC(2026, 10, 21, 12, 0, 0),
  headers: { 'content-type': 'application/json' },
};

const signatureOf = (request: Omit<RequestToSign, keyof typeof common>): string | undefined =>
  /Signature=(\w+)$/.exec(signRequest({ ...common, ...request }).authorization ?? '')?.[1];

// Expected values: @smithy/signature-v4 5.7.5, the SDK's own signer, for the same requests.
describe('a request signed for AWS', () => {
  it('with a body, for a function URL', () => {
    const url = new URL('https://abc.lambda-url.eu-central-1.on.aws/models/my-model/predict');

    expect(signatureOf({ method: 'POST', url, body: '{"rows":[{"a":"é"}]}', service: 'lambda' })).toBe(
      'a0f78b34f0199687762885c5ee9f092adab7c54cfa8b18ec3e5bc6d4288048b9',
    );
  });

  it('with a query whose parameters are in another order', () => {
    const url = new URL(
      'https://sts.eu-central-1.amazonaws.com/?Version=2011-06-15&Action=GetCallerIdentity',
    );

    expect(signatureOf({ method: 'GET', url, service: 'sts' })).toBe(
      '0e93075914061b95f3ed1bb227c1ccdefa7dcf124c95f4e938b2af1caabc5a72',
    );
  });

  it('with spaces, plus signs and brackets in its address', () => {
    const url = new URL('https://abc.lambda-url.eu-central-1.on.aws/models/a%20b?x=1%2B2&y=(z)');

    expect(signatureOf({ method: 'GET', url, service: 'lambda' })).toBe(
      'e6c1c1b25bbf664a15c6f34fce32b7d9a515ebde5807274b157bd27be8d78550',
    );
  });

  it('names the session token among what is signed', () => {
    const url = new URL('https://sts.eu-central-1.amazonaws.com/');

    expect(signRequest({ ...common, method: 'GET', url, service: 'sts' })).toMatchObject({
      'x-amz-security-token': 'a/token=',
      'x-amz-date': '20261121T120000Z',
      authorization: expect.stringContaining(
        'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token',
      ),
    });
  });
});
