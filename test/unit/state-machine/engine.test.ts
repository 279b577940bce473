import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/wire/json.ts';
import { fixedClock, manualClock } from '../../support/fixed-clock.ts';
import { container, failing, machine } from './conformance/case.ts';
import { soon, workflowHome } from './workflow-home.ts';

const noTask = async () => failing('Unexpected');
const hang = machine({
  Work: {
    Type: 'Task',
    Resource: 'work',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mended' }],
    End: true,
  },
  Mended: { Type: 'Succeed' },
});

describe('the engine of the local workflow', () => {
  it('lets one process execute at a time and tells the second who it is', async () => {
    const home = workflowHome(fixedClock());
    const alive = { machines: {}, invoke: noTask, isAlive: () => true };
    const [first, second] = [home.open(alive), home.open(alive)];
    await first.workflow.run();

    await expect(second.workflow.run()).rejects.toMatchObject({
      name: 'WORKFLOW_BUSY',
      message: expect.stringMatching(/process \d+ on .*; stop the other process/),
    });

    await first.workflow.shutdown();
    await second.workflow.run();
  });

  it('takes over at once from a process that is gone', async () => {
    const home = workflowHome(fixedClock());
    const [first, second] = [
      home.open({ machines: {}, invoke: noTask }),
      home.open({ machines: {}, invoke: noTask }),
    ];
    await first.workflow.run();
    first.kill();

    await expect(second.workflow.run()).resolves.toBeUndefined();
  });

  it('stops executing when another process has taken over', async () => {
    const home = workflowHome(manualClock());
    const faults: unknown[] = [];
    const first = home.open({
      machines: { hang },
      invoke: () => new Promise(() => {}),
      onFault: (fault) => faults.push(fault),
    });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'hang', name: 'x', input: {} });
    const second = home.open({ machines: { hang }, invoke: async () => 'second' });

    await second.workflow.run();

    expect(await second.workflow.finished(executionId)).toMatchObject({ output: 'second' });
    await soon(() => faults[0]);
    expect(String(faults[0])).toContain('taken over');
  });

  it('shuts down cleanly: a task that is interrupted has not failed, and a later run resumes it', async () => {
    const home = workflowHome(fixedClock());
    let isUnderWay = false;
    const first = home.open({
      machines: { hang },
      invoke: (_request, { signal }) =>
        new Promise((_resolve, reject) => {
          isUnderWay = true;
          signal.addEventListener('abort', () => reject(new Error('interrupted')));
        }),
    });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'hang', name: 'x', input: {} });
    await soon(() => isUnderWay || undefined);

    await first.workflow.shutdown();

    expect(await first.workflow.describe(executionId)).toMatchObject({
      status: 'RUNNING',
      currentState: 'Work',
    });
    const second = home.open({ machines: { hang }, invoke: async () => 'resumed' });
    await second.workflow.run();
    expect(await second.workflow.finished(executionId)).toMatchObject({
      status: 'SUCCEEDED',
      output: 'resumed',
    });
  });

  it('interrupts the task of an execution that is stopped', async () => {
    const home = workflowHome(fixedClock());
    let signal: AbortSignal | undefined;
    const process = home.open({
      machines: { hang },
      invoke: (_request, task) => {
        signal = task.signal;
        return new Promise(() => {});
      },
    });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'hang', name: 'x', input: {} });
    await soon(() => signal);

    await process.workflow.stop(executionId, 'enough');

    expect(signal?.aborted).toBe(true);
    expect(await process.workflow.describe(executionId)).toMatchObject({ status: 'ABORTED' });
  });

  it('gives a task the same attempt id when it is delivered again, and a new one when it is retried', async () => {
    const home = workflowHome(fixedClock());
    const retried = machine({
      Work: { Type: 'Task', Resource: 'work', Retry: [{ ErrorEquals: ['E'] }], End: true },
    });
    const seen: string[] = [];
    const first = home.open({
      machines: { retried },
      invoke: (_request, task) => {
        seen.push(task.attemptId);
        return new Promise(() => {});
      },
    });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'retried', name: 'x', input: {} });
    await soon(() => seen[0]);
    first.kill();

    const second = home.open({
      machines: { retried },
      invoke: async (_request, task) => (seen.push(task.attemptId) === 2 ? failing('E') : 'done'),
    });
    await second.workflow.run();
    await second.workflow.finished(executionId);

    expect(seen).toHaveLength(3);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[1]);
  });

  it('writes down what an execution has been through', async () => {
    const home = workflowHome(fixedClock());
    const eventful = machine({
      Work: {
        Type: 'Task',
        Resource: 'work',
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['E'], Next: 'Done' }],
        End: true,
      },
      Done: { Type: 'Succeed' },
    });
    const process = home.open({ machines: { eventful }, invoke: async () => failing('E', 'why') });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'eventful', name: 'x', input: {} });
    await process.workflow.finished(executionId);

    const history = await process.workflow.history(executionId);

    expect(history.map(({ type, state }) => [type, state ?? ''].join(' ').trim())).toEqual([
      'ExecutionStarted',
      'StateEntered Work',
      'TaskScheduled Work',
      'AttemptFailed Work',
      'TaskScheduled Work',
      'AttemptFailed Work',
      'Caught Work',
      'StateExited Work',
      'StateEntered Done',
      'StateExited Done',
      'ExecutionSUCCEEDED',
    ]);
    expect(history[3]).toMatchObject({
      at: '2026-01-05T09:00:00.000Z',
      detail: { Error: 'E', Cause: 'why' },
    });
    expect(history[4]?.at).toBe('2026-01-05T09:00:01.000Z');
    await expect(process.workflow.history('eventful:never')).rejects.toMatchObject({
      name: 'EXECUTION_NOT_FOUND',
    });
  });

  it('forgets its journal once an execution has ended', async () => {
    const home = workflowHome(fixedClock());
    const process = home.open({ machines: { hang }, invoke: async () => 1 });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'hang', name: 'x', input: {} });
    await process.workflow.finished(executionId);

    expect(process.database.prepare('SELECT count(*) AS rows FROM workflow_journal').get()).toEqual({
      rows: 0,
    });
  });

  it('keeps the journal of a long loop small', async () => {
    const home = workflowHome(fixedClock());
    const loop = machine({
      Start: { Type: 'Pass', Assign: { n: 0 }, Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: container({ In: { Type: 'Succeed' } }),
        Assign: { n: '{% $n + 1 %}' },
        Next: 'Enough?',
      },
      'Enough?': { Type: 'Choice', Choices: [{ Condition: '{% $n = 20 %}', Next: 'Stop' }], Default: 'Each' },
      Stop: { Type: 'Task', Resource: 'stop', End: true },
    });
    let rows: unknown;
    const process = home.open({
      machines: { loop },
      invoke: async () => {
        rows = process.database.prepare('SELECT count(*) AS rows FROM workflow_journal').get()?.rows;
      },
    });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'loop', name: 'x', input: {} });
    await process.workflow.finished(executionId);

    expect(rows).toBe(1);
  });

  it('refuses a broken machine when it is set up', () => {
    const home = workflowHome(fixedClock());

    expect(() => home.open({ machines: { bad: { StartAt: 'A', States: {} } }, invoke: noTask })).toThrow(
      expect.objectContaining({ name: 'STATE_MACHINE_INVALID' }),
    );
  });
});

const child = machine({ Work: { Type: 'Task', Resource: 'work', End: true } });
const parent = (mode: string, fields: JsonObject = {}): JsonObject =>
  machine({
    Nest: {
      Type: 'Task',
      Resource: `arn:aws:states:::states:startExecution${mode}`,
      Arguments: {
        StateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:child',
        Input: '{% $states.input %}',
        ...fields,
      },
      End: true,
    },
  });

describe('an execution within an execution', () => {
  const nest = async (definition: JsonObject, invoke = async (): Promise<unknown> => ({ x: 1 })) => {
    const home = workflowHome(fixedClock());
    const process = home.open({ machines: { parent: definition, child }, invoke });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'parent', name: 'p', input: { i: 1 } });
    return { process, home, executionId };
  };

  it('.sync:2 waits for its end and gives its output as a value', async () => {
    const { process, executionId } = await nest(parent('.sync:2', { Name: 'c' }));

    expect(await process.workflow.finished(executionId)).toMatchObject({
      status: 'SUCCEEDED',
      output: { ExecutionArn: 'child:c', Status: 'SUCCEEDED', Input: { i: 1 }, Output: { x: 1 } },
    });
  });

  it('.sync gives its output as text', async () => {
    const { process, executionId } = await nest(parent('.sync'));

    expect(await process.workflow.finished(executionId)).toMatchObject({ output: { Output: '{"x":1}' } });
  });

  it('without .sync the parent goes on at once', async () => {
    const { process, executionId } = await nest(parent('', { Name: 'c' }), () => new Promise(() => {}));

    expect(await process.workflow.finished(executionId)).toMatchObject({
      output: { ExecutionArn: 'child:c', StartDate: expect.any(String) },
    });
    expect(await process.workflow.describe('child:c')).toMatchObject({ status: 'RUNNING' });
  });

  it('that fails fails the task as States.TaskFailed, its own error in the cause', async () => {
    const { process, executionId } = await nest(parent('.sync:2'), async () => failing('Deep', 'down'));

    const ended = await process.workflow.finished(executionId);

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(ended.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Deep', Cause: 'down' });
  });

  it('of a machine that is not set up fails the task', async () => {
    const { process, executionId } = await nest(parent('.sync:2', { StateMachineArn: 'nobody' }));

    expect(await process.workflow.finished(executionId)).toMatchObject({
      error: 'StepFunctions.StateMachineDoesNotExistException',
    });
  });

  it('is stopped with the one around it', async () => {
    const { process, executionId } = await nest(
      parent('.sync:2', { Name: 'c' }),
      () => new Promise(() => {}),
    );
    await soon(() =>
      process.database.prepare("SELECT 1 FROM workflow_execution WHERE execution_id = 'child:c'").get(),
    );

    await process.workflow.stop(executionId, 'enough');

    expect(await process.workflow.describe('child:c')).toMatchObject({ status: 'ABORTED', cause: 'enough' });
  });

  it('is started once, though its parent is killed and resumed', async () => {
    let isUnderWay = false;
    const { process, home, executionId } = await nest(parent('.sync:2'), () => {
      isUnderWay = true;
      return new Promise(() => {});
    });
    await soon(() => isUnderWay || undefined);
    process.kill();

    const second = home.open({ machines: { parent: parent('.sync:2'), child }, invoke: async () => 'once' });
    await second.workflow.run();

    expect(await second.workflow.finished(executionId)).toMatchObject({ output: { Output: 'once' } });
    expect(await second.workflow.list({ machine: 'child' })).toHaveLength(1);
  });
});
