import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readStageSecret } from '../../../../lib/adapters/aws/ssm-secret.ts';
import { secretParameterOf } from '../../../../lib/wire/names.ts';
import { unknownCommand } from '../../../contract/known-fields.ts';
import { fixedClock } from '../../../support/index.ts';

const parameter = secretParameterOf('dev');
const fault = { message: 'as SSM says', $metadata: { httpStatusCode: 400 } };

describe('the secret of a stage', () => {
  let held: string | undefined;
  /** Reads that do not yet see what is there. */
  let blindReads = 0;
  let puts: PutParameterCommandInput[];
  const client = new SSMClient({ region: 'eu-central-1' });
  beforeEach(() => {
    held = undefined;
    blindReads = 0;
    puts = [];
    const mock = mockClient(client);
    mock.onAnyCommand().callsFake(unknownCommand);
    mock.on(GetParameterCommand, { Name: parameter, WithDecryption: true }).callsFake(async () => {
      if (held === undefined || blindReads-- > 0) throw new ParameterNotFound(fault);
      return { Parameter: { Name: parameter, Value: held } };
    });
    mock.on(PutParameterCommand).callsFake(async (input: PutParameterCommandInput) => {
      puts.push(input);
      await Promise.resolve();
      if (held !== undefined && !input.Overwrite) throw new ParameterAlreadyExists(fault);
      held = input.Value;
      return {};
    });
  });
  const read = (makeSecret?: () => string) =>
    readStageSecret({
      parameter,
      stage: 'dev',
      client,
      clock: fixedClock(),
      ...(makeSecret && { makeSecret }),
    });

  it('is read when it is there, and nothing is written', async () => {
    held = 'kept';

    expect(await read()).toBe('kept');
    expect(puts).toEqual([]);
  });

  it('is made by whoever needs it first, encrypted and tagged, without overwriting', async () => {
    const secret = await read();

    expect(secret).toMatch(/^[\w-]{43}$/u);
    expect(held).toBe(secret);
    expect(puts).toMatchObject([
      { Type: 'SecureString', Overwrite: false, Tags: [{ Key: 'millrace:stage', Value: 'dev' }] },
    ]);
    expect(await read()).toBe(secret);
  });

  it('is one for all who need it at once', async () => {
    let count = 0;
    const makeSecret = () => {
      count += 1;
      return `secret ${count}`;
    };

    const secrets = await Promise.all([read(makeSecret), read(makeSecret), read(makeSecret)]);

    expect(new Set(secrets)).toEqual(new Set([held]));
  });

  it('is waited for when another has just written it and it cannot be seen yet', async () => {
    held = 'theirs';
    blindReads = 3;

    expect(await read(() => 'mine')).toBe('theirs');
  });

  it('is not made anew when reading it is denied', async () => {
    const mock = mockClient(client);
    mock.on(GetParameterCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));

    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(puts).toEqual([]);
  });
});
