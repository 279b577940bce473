import {
  DescribeExecutionCommand,
  type DescribeExecutionInput,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  InvalidArn,
  InvalidToken,
  ListExecutionsCommand,
  type ListExecutionsInput,
  SendTaskFailureCommand,
  type SendTaskFailureInput,
  SendTaskSuccessCommand,
  type SendTaskSuccessInput,
  SFNClient,
  StartExecutionCommand,
  type StartExecutionInput,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  type StopExecutionInput,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { known, turn, unknownCommand } from './known-fields.ts';

interface Held {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
  readonly startDate: Date;
  readonly token: string;
  status: ExecutionStatus;
  output?: string;
  error?: string;
  cause?: string;
  stopDate?: Date;
}

const fault = { message: 'as Step Functions says', $metadata: { httpStatusCode: 400 } };

/**
 * Step Functions as far as the workflow uses it, in memory, with the three machines of the contract: `double`, `broken`
 * and `ask`, which it does not execute but answers for. It throws when asked what it was not told about.
 */
export class FakeStepFunctions {
  readonly client = new SFNClient({ region: 'eu-central-1' });
  readonly prefix = 'arn:aws:states:eu-central-1:123456789012:stateMachine:millrace-dev-';
  readonly calls: string[] = [];
  /** How many descriptions still do not see the executions there are: they are eventually consistent. */
  blindDescriptions = 0;
  private readonly executions: Held[] = [];
  private readonly issued = new Set<string>();

  constructor() {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(unknownCommand);
    const on =
      <Input, Output>(name: string, answer: (input: Input) => Output) =>
      async (input: Input) => {
        this.calls.push(name);
        await turn();
        return answer(input);
      };
    mock
      .on(StartExecutionCommand)
      .callsFake(on('StartExecution', (input: StartExecutionInput) => this.start(input)));
    mock
      .on(DescribeExecutionCommand)
      .callsFake(on('DescribeExecution', (input: DescribeExecutionInput) => this.describe(input)));
    mock.on(GetExecutionHistoryCommand).callsFake(
      on('GetExecutionHistory', ({ executionArn }: DescribeExecutionInput) => {
        const isAsking = this.found(executionArn).stateMachineArn === `${this.prefix}ask`;
        const entered = { type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Ask' } };
        return { events: [{ type: 'TaskSubmitted' }, ...(isAsking ? [entered] : [])] };
      }),
    );
    mock
      .on(ListExecutionsCommand)
      .callsFake(on('ListExecutions', (input: ListExecutionsInput) => this.list(input)));
    mock.on(StopExecutionCommand).callsFake(
      on('StopExecution', ({ executionArn, cause = '' }: StopExecutionInput) => {
        if (cause.length > 32_768) throw Object.assign(new Error(), { name: 'ValidationException' });
        const stopDate = this.end(this.found(executionArn), 'ABORTED', { cause }).stopDate;
        return { stopDate };
      }),
    );
    mock.on(SendTaskSuccessCommand).callsFake(
      on('SendTaskSuccess', ({ taskToken, output = '' }: SendTaskSuccessInput) => {
        this.end(this.waiting(taskToken), 'SUCCEEDED', { output });
        return {};
      }),
    );
    mock.on(SendTaskFailureCommand).callsFake(
      on('SendTaskFailure', ({ taskToken, error = '', cause = '' }: SendTaskFailureInput) => {
        if (cause.length > 32_768 || error.length > 256)
          throw Object.assign(new Error(), { name: 'ValidationException' });
        this.end(this.waiting(taskToken), 'FAILED', { error, cause });
        return {};
      }),
    );
  }

  tokenOf(executionArn: string): string {
    const { token } = this.found(executionArn);
    this.issued.add(token);
    return token;
  }

  private end(held: Held, status: ExecutionStatus, how: Partial<Held>): Held {
    if (held.status === 'RUNNING') Object.assign(held, { status, stopDate: this.moment() }, how);
    return held;
  }

  private moment(): Date {
    return new Date(Date.UTC(2026, 0, 5, 9, 0, this.calls.length));
  }

  private found(executionArn: string | undefined): Held {
    if (!executionArn?.startsWith('arn:')) throw new InvalidArn(fault);
    const held = this.executions.find((one) => one.executionArn === executionArn);
    if (held === undefined) throw new ExecutionDoesNotExist(fault);
    return held;
  }

  private waiting(token: string | undefined): Held {
    const held = this.executions.find((one) => one.token === token);
    if (held === undefined || !this.issued.has(held.token)) throw new InvalidToken(fault);
    if (held.status !== 'RUNNING') throw new TaskTimedOut(fault);
    return held;
  }

  /** As documented: the same name and input of a running execution is answered as if it were new. */
  private start(input: StartExecutionInput) {
    known('StartExecution', input, ['stateMachineArn', 'name', 'input']);
    const { stateMachineArn = '', name = '', input: text = '{}' } = input;
    const machine = stateMachineArn.slice(this.prefix.length);
    if (!stateMachineArn.startsWith(this.prefix) || !['double', 'broken', 'ask'].includes(machine))
      throw new StateMachineDoesNotExist(fault);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const existing = this.executions.find((one) => one.executionArn === executionArn);
    if (existing?.status === 'RUNNING' && existing.input === text)
      return { executionArn, startDate: existing.startDate };
    if (existing !== undefined) throw new ExecutionAlreadyExists(fault);
    const startDate = this.moment();
    const token = `token of ${executionArn}`;
    const held: Held = {
      executionArn,
      stateMachineArn,
      name,
      input: text,
      startDate,
      token,
      status: 'RUNNING',
    };
    this.executions.push(held);
    const { n } = JSON.parse(text);
    if (machine === 'double') setImmediate(() => this.end(held, 'SUCCEEDED', { output: `${n * 2}` }));
    if (machine === 'broken')
      setImmediate(() => this.end(held, 'FAILED', { error: 'Broken', cause: 'as it was made' }));
    return { executionArn, startDate };
  }

  private describe(input: DescribeExecutionInput) {
    known('DescribeExecution', input, ['executionArn']);
    if (this.blindDescriptions > 0) {
      this.blindDescriptions -= 1;
      throw new ExecutionDoesNotExist(fault);
    }
    const { token, ...described } = this.found(input.executionArn);
    return described;
  }

  /** Newest first, in pages of two at most. */
  private list(input: ListExecutionsInput) {
    known('ListExecutions', input, ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken']);
    const { stateMachineArn, statusFilter, maxResults = 100, nextToken } = input;
    if (maxResults < 1 || maxResults > 1000)
      throw Object.assign(new Error(), { name: 'ValidationException' });
    if (!/(double|broken|ask)$/u.test(stateMachineArn ?? '')) throw new StateMachineDoesNotExist(fault);
    const matching = this.executions
      .filter((one) => one.stateMachineArn === stateMachineArn)
      .filter((one) => statusFilter === undefined || one.status === statusFilter)
      .toReversed();
    const from = Number(nextToken ?? 0);
    const to = from + Math.min(maxResults, 2);
    const executions = matching.slice(from, to).map(({ executionArn, name }) => ({ executionArn, name }));
    return { executions, ...(to < matching.length && { nextToken: `${to}` }) };
  }
}
