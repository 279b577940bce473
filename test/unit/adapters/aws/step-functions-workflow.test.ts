import { beforeEach, describe, expect, it } from 'vitest';
import { stepFunctionsWorkflow } from '../../../../lib/adapters/aws/step-functions-workflow.ts';
import type { Workflow } from '../../../../lib/ports/workflow.ts';
import { FakeStepFunctions } from '../../../contract/fake-step-functions.ts';
import { type FixedClock, fixedClock } from '../../../support/index.ts';

describe('the Step Functions workflow', () => {
  let stepFunctions: FakeStepFunctions;
  let clock: FixedClock;
  let workflow: Workflow;
  beforeEach(() => {
    stepFunctions = new FakeStepFunctions();
    clock = fixedClock();
    const { prefix: machineArnPrefix, client } = stepFunctions;
    workflow = stepFunctionsWorkflow({ machineArnPrefix, client, clock });
  });
  const ask = { machine: 'ask', name: 'one', input: { model: 'flight-delay' } };

  it('touches neither network nor settings until it is asked for something', () => {
    expect(() => stepFunctionsWorkflow({ machineArnPrefix: 'arn:x' })).not.toThrow();
  });

  it('says that it started nothing while the execution of that name and input still runs', async () => {
    const first = await workflow.start(ask);

    const second = await workflow.start(ask);

    expect([first.started, second.started]).toEqual([true, false]);
    expect(first.executionId).toBe('arn:aws:states:eu-central-1:123456789012:execution:millrace-dev-ask:one');
    expect(stepFunctions.calls.filter((call) => call === 'StartExecution')).toHaveLength(1);
  });

  it('starts one execution when an event arrives twice at the same moment', async () => {
    const both = await Promise.all([workflow.start(ask), workflow.start(ask)]);

    expect(new Set(both.map(({ executionId }) => executionId)).size).toBe(1);
    expect(await workflow.list({ machine: 'ask' })).toHaveLength(1);
  });

  it('compares the inputs also when the execution cannot be seen yet', async () => {
    await workflow.start(ask);
    const other = { ...ask, input: { model: 'penguins' } };

    stepFunctions.blindDescriptions = 3;
    await expect(workflow.start(other)).rejects.toMatchObject({ name: 'EXECUTION_NAME_TAKEN' });
  });

  it('refuses an input of more than 256 KiB before anything is sent, and takes one of just that', async () => {
    const fits = { text: 'é'.repeat((256 * 1024 - '{"text":""}'.length - 1) / 2) };

    await workflow.start({ ...ask, input: fits });
    stepFunctions.calls.length = 0;
    const refused = workflow.start({ ...ask, name: 'two', input: { text: `${fits.text}éé` } });

    await expect(refused).rejects.toMatchObject({
      name: 'INPUT_INVALID',
      message: expect.stringMatching(/has 262147 bytes, at most 262144 fit: pass keys of objects/u),
    });
    expect(stepFunctions.calls).toEqual([]);
  });

  it('refuses an answer of more than 256 KiB, and cuts a reason to what Step Functions takes', async () => {
    const { executionId } = await workflow.start(ask);
    const token = stepFunctions.tokenOf(executionId);

    await expect(workflow.completeTask(token, 'x'.repeat(256 * 1024))).rejects.toMatchObject({
      name: 'INPUT_INVALID',
    });
    await workflow.failTask(token, { error: 'E'.repeat(300), cause: 'c'.repeat(40_000) });

    const { error, cause } = await workflow.describe(executionId);
    expect([error?.length, cause?.length]).toEqual([256, 32_768]);
  });

  it('keeps the cause when it does not know a token', async () => {
    const { executionId } = await workflow.start(ask);
    const token = stepFunctions.tokenOf(executionId);
    await workflow.completeTask(token, 'yes');

    await expect(workflow.completeTask(token, 'yes')).rejects.toMatchObject({
      name: 'TASK_TOKEN_UNKNOWN',
      cause: { name: 'TaskTimedOut' },
    });
  });

  it('does not take a machine that is not there for one that never ran', async () => {
    await expect(workflow.list({ machine: 'triple' })).rejects.toMatchObject({
      name: 'STATE_MACHINE_UNKNOWN',
      cause: { name: 'StateMachineDoesNotExist' },
    });
  });

  it('leaves out of a list what Step Functions has forgotten meanwhile', async () => {
    for (const name of ['a', 'b']) await workflow.start({ ...ask, name });
    stepFunctions.blindDescriptions = 1;

    expect((await workflow.list({ machine: 'ask' })).map((execution) => execution.name)).toEqual(['a']);
  });

  it('lists over the pages of Step Functions, up to the limit', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await workflow.start({ ...ask, name });

    const names = async (limit: number) =>
      (await workflow.list({ machine: 'ask', limit })).map((execution) => execution.name);
    expect(await names(3)).toEqual(['e', 'd', 'c']);
    expect(await names(50)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });
});
