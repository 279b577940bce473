import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Execution, Workflow } from '../../lib/ports/workflow.ts';
import type { JsonObject } from '../../lib/wire/json.ts';

/** The machines a workflow must be set up with to run the contract. */
export const contractMachines: Readonly<Record<string, JsonObject>> = {
  double: {
    QueryLanguage: 'JSONata',
    StartAt: 'Double',
    States: { Double: { Type: 'Pass', Output: '{% $states.input.n * 2 %}', End: true } },
  },
  broken: {
    QueryLanguage: 'JSONata',
    StartAt: 'Break',
    States: { Break: { Type: 'Fail', Error: 'Broken', Cause: 'as it was made' } },
  },
  ask: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'ask.waitForTaskToken',
        Arguments: { token: '{% $states.context.Task.Token %}' },
        End: true,
      },
    },
  },
};

export interface WorkflowUnderTest {
  readonly workflow: Workflow;
  /** The token handed to the task of the execution named, once it has been. */
  tokenOf(executionId: string): Promise<string>;
  /** Resolves when the execution has ended. */
  finished(executionId: string): Promise<Execution>;
  remove(): Promise<void>;
}

/** What every Workflow promises; each adapter runs it. */
export const workflowContract = (name: string, makeWorkflow: () => Promise<WorkflowUnderTest>): void => {
  describe(`${name} keeps the promises of a workflow`, () => {
    let underTest: WorkflowUnderTest;
    let workflow: Workflow;

    beforeEach(async () => {
      underTest = await makeWorkflow();
      workflow = underTest.workflow;
    });
    afterEach(() => underTest.remove());

    const started = async (machine: string, executionName: string, input: JsonObject = {}) =>
      (await workflow.start({ machine, name: executionName, input })).executionId;

    it('runs an execution to its end and describes it', async () => {
      const executionId = await started('double', 'one', { n: 21 });

      const execution = await underTest.finished(executionId);

      expect(execution).toMatchObject({
        executionId,
        machine: 'double',
        name: 'one',
        status: 'SUCCEEDED',
        output: 42,
      });
      expect(execution).toMatchObject({
        input: { n: 21 },
        startedAt: expect.any(String),
        stoppedAt: expect.any(String),
      });
      expect(await workflow.describe(executionId)).toEqual(execution);
    });

    it('tells error and cause of an execution that failed', async () => {
      const execution = await underTest.finished(await started('broken', 'one'));

      expect(execution).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'as it was made' });
      expect(execution.output).toBeUndefined();
    });

    it('starts nothing when the same event arrives twice', async () => {
      const first = await workflow.start({ machine: 'double', name: 'one', input: { n: 1, m: 2 } });
      await underTest.finished(first.executionId);

      const second = await workflow.start({ machine: 'double', name: 'one', input: { m: 2, n: 1 } });

      expect(first.started).toBe(true);
      expect(second).toEqual({ executionId: first.executionId, started: false });
      expect(await workflow.list({ machine: 'double' })).toHaveLength(1);
    });

    it('refuses a name that ran with another input', async () => {
      await started('double', 'one', { n: 1 });

      await expect(started('double', 'one', { n: 2 })).rejects.toMatchObject({
        name: 'EXECUTION_NAME_TAKEN',
        message: expect.stringContaining('choose a new name'),
      });
    });

    it('lets two machines use one name', async () => {
      const ids = [await started('double', 'one', { n: 1 }), await started('broken', 'one')];

      expect(new Set(ids).size).toBe(2);
    });

    it.each(['', 'a b', 'a/b', 'x'.repeat(81), 'ä'])('refuses the name "%s"', async (bad) => {
      await expect(started('double', bad)).rejects.toMatchObject({ name: 'INPUT_INVALID' });
    });

    it('refuses a machine that is not set up', async () => {
      await expect(started('triple', 'one')).rejects.toMatchObject({
        name: 'STATE_MACHINE_UNKNOWN',
        message: expect.stringContaining('"triple"'),
      });
    });

    it('does not know executions that never were', async () => {
      await expect(workflow.describe('double:never')).rejects.toMatchObject({ name: 'EXECUTION_NOT_FOUND' });
      await expect(workflow.stop('double:never', 'why')).rejects.toMatchObject({
        name: 'EXECUTION_NOT_FOUND',
      });
    });

    it('lists a machine’s executions, the newest first, by status and up to a limit', async () => {
      for (const each of ['a', 'b', 'c']) await underTest.finished(await started('double', each, { n: 1 }));
      await started('ask', 'other');

      const names = async (filter: Parameters<Workflow['list']>[0]) =>
        (await workflow.list(filter)).map((e) => e.name);

      expect(await names({ machine: 'double' })).toEqual(['c', 'b', 'a']);
      expect(await names({ machine: 'double', limit: 2 })).toEqual(['c', 'b']);
      expect(await names({ machine: 'double', status: 'FAILED' })).toEqual([]);
      expect(await names({ machine: 'ask', status: 'RUNNING' })).toEqual(['other']);
    });

    it('gives the answer of a person to the task that waits for it', async () => {
      const executionId = await started('ask', 'one');
      const token = await underTest.tokenOf(executionId);
      expect(await workflow.describe(executionId)).toMatchObject({ status: 'RUNNING', currentState: 'Ask' });

      await workflow.completeTask(token, { decision: 'approve' });

      expect(await underTest.finished(executionId)).toMatchObject({
        status: 'SUCCEEDED',
        output: { decision: 'approve' },
      });
    });

    it('fails the task when the answer is a failure', async () => {
      const executionId = await started('ask', 'one');

      await workflow.failTask(await underTest.tokenOf(executionId), {
        error: 'Rejected',
        cause: 'too risky',
      });

      expect(await underTest.finished(executionId)).toMatchObject({
        status: 'FAILED',
        error: 'Rejected',
        cause: 'too risky',
      });
    });

    it('takes one answer a token: of two at once exactly one is told it counts', async () => {
      const executionId = await started('ask', 'one');
      const token = await underTest.tokenOf(executionId);

      const answers = await Promise.allSettled([
        workflow.completeTask(token, 'yes'),
        workflow.completeTask(token, 'no'),
      ]);

      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await underTest.finished(executionId);
      const late = { name: 'TASK_TOKEN_UNKNOWN', message: expect.stringContaining('already been answered') };
      await expect(workflow.completeTask(token, 'again')).rejects.toMatchObject(late);
      await expect(workflow.failTask('never issued', { error: 'E', cause: '' })).rejects.toMatchObject(late);
    });

    it('stops a running execution as ABORTED, and its token is dead then', async () => {
      const executionId = await started('ask', 'one');
      const token = await underTest.tokenOf(executionId);

      await workflow.stop(executionId, 'changed my mind');

      expect(await underTest.finished(executionId)).toMatchObject({
        status: 'ABORTED',
        cause: 'changed my mind',
      });
      await expect(workflow.completeTask(token, 1)).rejects.toMatchObject({ name: 'TASK_TOKEN_UNKNOWN' });
    });

    it('leaves an execution that has ended as it is', async () => {
      const executionId = await started('double', 'one', { n: 1 });
      const ended = await underTest.finished(executionId);

      await workflow.stop(executionId, 'too late');

      expect(await workflow.describe(executionId)).toEqual(ended);
    });
  });
};
