import { randomBytes } from 'node:crypto';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../ports/clock.ts';
import { tagsOf } from '../../wire/names.ts';
import { systemClock } from '../local/system-clock.ts';
import { clientDefaults, isNamed, lazily, retrying } from './sdk-errors.ts';

/**
 * The secret of a stage, which signs approval links and hashes sensitive columns, from SSM Parameter Store, encrypted.
 * Whoever needs it first makes it; of several at once one writes and all get what that one wrote. It is never changed:
 * deleting the parameter voids the links that are out. Keep what it gives; each call asks SSM.
 */
export const readStageSecret = async (options: {
  /** The parameter's name, see `secretParameterOf`. */
  readonly parameter: string;
  readonly stage: string;
  /** @default - one client for the process's credentials and region */
  readonly client?: SSMClient;
  /** @default - 256 random bits, base64url */
  readonly makeSecret?: () => string;
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
}): Promise<string> => {
  const { parameter, stage, makeSecret = newSecret, clock = systemClock } = options;
  const client = lazily(options.client, () => new SSMClient(clientDefaults))();

  const read = async (): Promise<string> => {
    const { Parameter } = await client.send(
      new GetParameterCommand({ Name: parameter, WithDecryption: true }),
    );
    if (Parameter?.Value) return Parameter.Value;
    throw new Error(`the parameter ${parameter} has no value`);
  };

  /** `undefined` when another was first. */
  const write = async (secret: string): Promise<string | undefined> => {
    const Tags = Object.entries(tagsOf(stage)).map(([Key, Value]) => ({ Key, Value }));
    const Description = 'Signs approval links and hashes sensitive columns of Millrace';
    const named = { Name: parameter, Type: 'SecureString', Description, Tags } as const;
    try {
      await client.send(new PutParameterCommand({ ...named, Value: secret, Overwrite: false }));
      return secret;
    } catch (error) {
      if (isNamed(error, 'ParameterAlreadyExists')) return undefined;
      throw error;
    }
  };

  try {
    return await read();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  // What has just been written by another may take a moment to be seen.
  return (await write(makeSecret())) ?? (await retrying(clock, isMissing, read));
};

const isMissing = (error: unknown): boolean => isNamed(error, 'ParameterNotFound');

const newSecret = (): string => randomBytes(32).toString('base64url');
