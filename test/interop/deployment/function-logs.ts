import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionName, functionNames } from '../../../lib/wire/functions.ts';
import { nameOf } from '../../../lib/wire/names.ts';
import type { Clients } from './clients.ts';
import { stage } from './deploy-stage.ts';

export interface LogLine {
  readonly function: FunctionName;
  readonly message: string;
  /** Tells it from every other line: MiniStack numbers its lines no more than that. */
  readonly id: string;
}

/** What a function has written; a function that never ran has written nothing. */
export const logOf = async (
  { logs }: Pick<Clients, 'logs'>,
  name: FunctionName,
): Promise<readonly LogLine[]> => {
  const lines: LogLine[] = [];
  const seen = new Map<string, number>();
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: nameOf(stage, name), ...(nextToken && { nextToken }) }),
    );
    for (const { logStreamName, timestamp, message = '' } of page.events ?? []) {
      const text = `${name} ${logStreamName} ${timestamp} ${message}`;
      const count = (seen.get(text) ?? 0) + 1;
      seen.set(text, count);
      lines.push({ function: name, message: message.trimEnd(), id: `${count} ${text}` });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
};

/** Every function's log, function by function. */
export const allLogs = async (clients: Pick<Clients, 'logs'>): Promise<readonly LogLine[]> =>
  (await Promise.all(functionNames.map((name) => logOf(clients, name)))).flat();

/** What every invocation writes, and a warning about MiniStack's own worker. */
const isNoise = (message: string): boolean => /^(START|END|REPORT|\(node:|\(Use `node)/u.test(message);

const speaksOfTrouble = (message: string): boolean =>
  /error|exception|denied|warn|fail|_[A-Z]+:/iu.test(message);

/** The last words of every function that wrote of trouble, for whoever reads a failed run. */
export const troubleIn = async (clients: Pick<Clients, 'logs'>): Promise<string> => {
  const lines = (await allLogs(clients)).filter(({ message }) => !isNoise(message));
  const troubled = functionNames.filter((name) =>
    lines.some((line) => line.function === name && speaksOfTrouble(line.message)),
  );
  const shown = troubled.map((name) => {
    const own = lines.filter((line) => line.function === name).map(({ message }) => `  ${message}`);
    return `${name}\n${own.slice(-40).join('\n')}`;
  });
  return shown.join('\n');
};
