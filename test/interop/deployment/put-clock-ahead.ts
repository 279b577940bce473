import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { FunctionName } from '../../../lib/wire/functions.ts';
import { nameOf } from '../../../lib/wire/names.ts';
import type { Clients } from './clients.ts';
import { stage } from './deploy-stage.ts';

const preload = pathToFileURL(path.join(import.meta.dirname, 'clock-ahead.ts')).href;

/**
 * Puts the clock of one function ahead: windows are only looked at when they are long over, and no test waits for that.
 * Its code, its role and its addresses stay as deployed.
 */
export const putClockAhead = async (
  { lambda }: Pick<Clients, 'lambda'>,
  name: FunctionName,
  seconds: number,
): Promise<void> => {
  const FunctionName = nameOf(stage, name);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = {
    ...Environment?.Variables,
    NODE_OPTIONS: `--enable-source-maps --import=${preload}`,
    CLOCK_AHEAD_SECONDS: `${seconds}`,
  };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
};
