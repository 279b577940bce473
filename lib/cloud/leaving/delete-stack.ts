import {
  type CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../ports/clock.ts';

type Clients = { readonly cloudFormation: CloudFormationClient };

const lookEveryMs = 5000;

/** The newest hundred events, oldest first: between two looks there are seldom more. */
const latestEvents = async ({ cloudFormation }: Clients, stackId: string): Promise<readonly StackEvent[]> => {
  const { StackEvents = [] } = await cloudFormation.send(
    new DescribeStackEventsCommand({ StackName: stackId }),
  );
  return StackEvents.toReversed();
};

const lineOf = ({ ResourceStatus, ResourceType, LogicalResourceId, ResourceStatusReason }: StackEvent) => {
  const why = ResourceStatus?.endsWith('FAILED') && ResourceStatusReason ? `: ${ResourceStatusReason}` : '';
  return `${ResourceStatus?.toLowerCase().replaceAll('_', ' ')}  ${ResourceType}  ${LogicalResourceId}${why}`;
};

/** How a deletion ended; `failures` are what could not be deleted, with CloudFormation's reasons. */
export type Deletion =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'failed'; readonly failures: readonly string[] };

/** Deletes a stack, by its id so that it is found to the end, and tells each step of CloudFormation once. */
export const deleteStack = async (
  stackId: string,
  clients: Clients,
  { tell, clock }: { readonly tell: (text: string) => void; readonly clock: Pick<Clock, 'sleep'> },
): Promise<Deletion> => {
  const seen = new Set((await latestEvents(clients, stackId)).map(({ EventId }) => EventId));
  await clients.cloudFormation.send(new DeleteStackCommand({ StackName: stackId }));
  const failures: string[] = [];
  for (;;) {
    const { Stacks: [stack] = [] } = await clients.cloudFormation.send(
      new DescribeStacksCommand({ StackName: stackId }),
    );
    for (const event of await latestEvents(clients, stackId)) {
      if (seen.has(event.EventId)) continue;
      seen.add(event.EventId);
      tell(lineOf(event));
      if (event.ResourceStatus === 'DELETE_FAILED' && event.PhysicalResourceId !== stackId)
        failures.push(`${event.LogicalResourceId}: ${event.ResourceStatusReason ?? 'no reason given'}`);
    }
    if (stack === undefined || stack.StackStatus === 'DELETE_COMPLETE') return { outcome: 'gone' };
    if (stack.StackStatus === 'DELETE_FAILED')
      return {
        outcome: 'failed',
        failures: failures.length > 0 ? failures : [stack.StackStatusReason ?? ''],
      };
    await clock.sleep(lookEveryMs);
  }
};
