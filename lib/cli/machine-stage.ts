import { userInfo } from 'node:os';
import type { Stage } from '../cloud/open-stage.ts';
import { MillraceError } from '../wire/errors.ts';
import type { StagePlace } from './place.ts';
import type { Desk, Surroundings } from './surroundings.ts';

// Loaded with every command, so nothing here imports the AWS SDK before a stage is named.

/** The SDK's clients read the region from the environment, also those that adapters make for themselves. */
export const useRegion = ({ region }: StagePlace): void => {
  if (region !== undefined) process.env.AWS_REGION = region;
};

/** Works on a deployed stack. */
export const onStage = async <Result>(
  place: StagePlace,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> => {
  const { openStage } = await import('../cloud/open-stage.ts');
  useRegion(place);
  return work(await openStage(place, process.env));
};

const noInbox = (stage: string) => (): never => {
  throw new MillraceError(
    'USAGE_WRONG',
    `the messages of stage "${stage}" went out by mail and are not kept, expected --home; \`millrace status\`, \`runs\` and \`show\` tell the same`,
  );
};

export const openStageDesk = (place: StagePlace): Promise<Desk> =>
  onStage(place, async ({ registry, objects, outputs, secret, caller }) => ({
    registry,
    objects,
    inbox: noInbox(place.stage),
    address: outputs.consoleUrl.replace(/\/$/, ''),
    alarms: async () => {
      const { cloudwatchAlarmBook } = await import('../adapters/aws/cloudwatch-alarm-book.ts');
      return cloudwatchAlarmBook({ stage: place.stage, topicArn: outputs.topicArn });
    },
    approvalSecret: secret,
    caller: async () => (await caller()) ?? userInfo().username,
    close: () => undefined,
  }));

export const ask: Surroundings['ask'] = async (question) => {
  if (!process.stdin.isTTY) return undefined;
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
};
