import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { askEndpoint } from '../../../lib/cloud/ask-endpoint.ts';
import { outputNames } from '../../../lib/wire/names.ts';

type Sent = { readonly url: string; readonly headers: Record<string, string>; readonly body?: string };

const endpoint = (answer: (path: string) => Response, endpointUrl = 'https://api.example/') => {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: URL, init: { headers: Record<string, string>; body?: string }) => {
    sent.push({ url: url.href, headers: init.headers, ...(init.body && { body: init.body }) });
    return answer(url.pathname);
  });
  const outputs = Object.fromEntries(Object.keys(outputNames).map((name) => [name, name])) as Record<
    keyof typeof outputNames,
    string
  >;
  const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
  const stage = {
    stage: 'dev',
    region: 'eu-central-1',
    outputs: { ...outputs, endpointUrl },
    access: { cloudFormation: new CloudFormationClient({}), region: 'eu-central-1', credentials },
    clock: { now: () => Date.UTC(2026, 10, 21), sleep: () => Promise.reject(new Error('waiting is a bug')) },
  };
  return { sent, asking: (env: Record<string, string>) => askEndpoint(stage, env) };
};

const answered = () =>
  Response.json({ predictions: [{ value: 12, predictionId: 'p' }], model: 'birds', version: 3 });
const refused = (status: number, body: string) => () => new Response(body, { status });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a stage asked over its endpoint', () => {
  it('gets the rows and the key of the caller, and gives what any client gets', async () => {
    const { sent, asking } = endpoint(answered);

    const answer = await asking({ MILLRACE_API_KEY: 'mr_1' }).ask('birds', [{ weight: 1 }]);

    expect(answer).toEqual({ predictions: [{ value: 12, predictionId: 'p' }], version: 3 });
    expect(sent).toEqual([
      {
        url: 'https://api.example/models/birds/predict',
        headers: { 'content-type': 'application/json', 'x-api-key': 'mr_1' },
        body: '{"rows":[{"weight":1}]}',
      },
    ]);
  });

  it('takes a token of an issuer as well', async () => {
    const { sent, asking } = endpoint(answered);

    await asking({ MILLRACE_TOKEN: 'jwt' }).ask('birds', []);

    expect(sent[0]?.headers.authorization).toBe('Bearer jwt');
  });

  it('behind a function URL is asked with the signature of the AWS credentials, no key needed', async () => {
    const { sent, asking } = endpoint(answered, 'https://abc.lambda-url.eu-central-1.on.aws/');

    await asking({}).ask('birds', []);

    expect(sent[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261121\/eu-central-1\/lambda\/aws4_request/,
    );
  });

  it('is not asked at all without a key: nothing is sent', async () => {
    const { sent, asking } = endpoint(answered);

    await expect(asking({}).ask('birds', [])).rejects.toMatchObject({ name: 'API_KEY_MISSING' });
    expect(sent).toEqual([]);
  });

  it('tells its errors by their own code, the remedy once', async () => {
    const error = {
      code: 'NOTHING_SERVING',
      message: 'no version of "birds" serves yet; approve a version first',
    };
    const { asking } = endpoint(refused(503, JSON.stringify({ error })));

    await expect(asking({ MILLRACE_API_KEY: 'k' }).ask('birds', [])).rejects.toMatchObject({
      name: 'NOTHING_SERVING',
      details: { status: 503 },
    });
  });

  it.each([
    [403, '{"message":"Forbidden"}', 'ENDPOINT_REFUSED'],
    [502, '<html>Bad gateway</html>', 'ENDPOINT_FAILED'],
  ])('tells a %i of the front door, which speaks no code of ours', async (status, body, name) => {
    const { asking } = endpoint(refused(status, body));

    await expect(asking({ MILLRACE_API_KEY: 'k' }).ask('birds', [])).rejects.toMatchObject({
      name,
      message: expect.stringContaining(`answered ${status}: ${body}`),
    });
  });

  it('that cannot be reached is told with its address and the reason', async () => {
    const { asking } = endpoint(() => {
      throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND api.example') });
    });

    await expect(asking({ MILLRACE_API_KEY: 'k' }).ask('birds', [])).rejects.toMatchObject({
      name: 'ENDPOINT_FAILED',
      message: expect.stringContaining(
        'https://api.example did not answer: getaddrinfo ENOTFOUND api.example',
      ),
    });
  });

  it('knows the columns of the version that serves, and says when none does', async () => {
    const described = { signature: { columns: [{ name: 'weight', kind: 'number', isNullable: false }] } };
    const { asking } = endpoint((path) => Response.json(path.endsWith('birds') ? described : {}));

    expect(await asking({ MILLRACE_API_KEY: 'k' }).columnsOf('birds')).toEqual([
      { name: 'weight', kind: 'number' },
    ]);
    await expect(asking({ MILLRACE_API_KEY: 'k' }).columnsOf('fish')).rejects.toMatchObject({
      name: 'NOTHING_SERVING',
    });
  });
});
