import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { InvokeRequest } from '../../../lib/adapters/local/state-machine/index.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import type { JsonObject } from '../../../lib/wire/json.ts';
import { fixedClock, manualClock } from '../../support/fixed-clock.ts';
import { container, failing, machine } from './conformance/case.ts';
import { soon, workflowHome } from './workflow-home.ts';

const chain: JsonObject = machine({
  One: { Type: 'Task', Resource: 'one', Assign: { first: '{% $states.result %}' }, Next: 'Choose' },
  Choose: { Type: 'Choice', Choices: [{ Condition: '{% $first = "one" %}', Next: 'Rest' }], Default: 'Rest' },
  Rest: { Type: 'Wait', Seconds: 60, Next: 'Both' },
  Both: {
    Type: 'Parallel',
    Branches: [
      container({ Two: { Type: 'Task', Resource: 'two', End: true } }),
      container({ Three: { Type: 'Task', Resource: 'three', End: true } }),
    ],
    Next: 'Each',
  },
  Each: {
    Type: 'Map',
    Items: '{% $states.input %}',
    ItemProcessor: container({ Four: { Type: 'Task', Resource: 'four', End: true } }),
    Next: 'Five',
  },
  Five: {
    Type: 'Task',
    Resource: 'five',
    End: true,
    Output: '{% {"first": $first, "input": $states.input, "last": $states.result} %}',
  },
});
const chainOutput = { first: 'one', input: ['four', 'four'], last: 'five' };
const noTask = async () => failing('Unexpected');

/** Lets so many more rows be written; each write after that fails, as if the process had died before it. */
const dieAfter = (database: DatabaseSync, writes: number) => {
  const spend = `BEGIN
    UPDATE budget SET rows_left = rows_left - 1;
    SELECT RAISE(ABORT, 'killed') FROM budget WHERE rows_left < 0;
  END`;
  database.exec(`
    CREATE TEMP TABLE budget (rows_left INTEGER);
    INSERT INTO budget VALUES (${writes});
    CREATE TEMP TRIGGER journal_insert AFTER INSERT ON main.workflow_journal ${spend};
    CREATE TEMP TRIGGER journal_update AFTER UPDATE ON main.workflow_journal ${spend};
    CREATE TEMP TRIGGER event_insert AFTER INSERT ON main.workflow_event ${spend};
    CREATE TEMP TRIGGER execution_update AFTER UPDATE ON main.workflow_execution ${spend};
  `);
};

describe('a workflow whose process is killed', () => {
  it.each(['one', 'two', 'three', 'four', 'five'])(
    'goes on at task %s, which was under way',
    async (victim) => {
      const home = workflowHome(fixedClock());
      const before: string[] = [];
      const first = home.open({
        machines: { chain },
        invoke: async ({ resource }) => {
          before.push(resource);
          return resource === victim ? new Promise(() => {}) : resource;
        },
      });
      await first.workflow.run();
      const { executionId } = await first.workflow.start({ machine: 'chain', name: 'x', input: {} });
      await soon(() => (before.includes(victim) ? true : undefined));

      first.kill();
      const after: string[] = [];
      const second = home.open({
        machines: { chain },
        invoke: async ({ resource }) => after.push(resource) && resource,
      });
      await second.workflow.run();

      expect(await second.workflow.finished(executionId)).toMatchObject({
        status: 'SUCCEEDED',
        output: chainOutput,
      });
      expect(after).toContain(victim);
      if (victim === 'five') expect(after).toEqual(['five']);
      if (victim === 'four') expect(after).toEqual(['four', 'four', 'five']);
    },
  );

  it('goes on from every single write to the disk', async () => {
    const invoke = async ({ resource }: InvokeRequest) => resource;
    let writes = 0;
    for (let isOver = false; !isOver; writes += 1) {
      const home = workflowHome(fixedClock());
      const fault = Promise.withResolvers<boolean>();
      const first = home.open({ machines: { chain }, invoke, onFault: () => fault.resolve(false) });
      const { executionId } = await first.workflow.start({ machine: 'chain', name: 'x', input: {} });
      dieAfter(first.database, writes);
      await first.workflow.run();
      isOver = await Promise.race([fault.promise, first.workflow.finished(executionId).then(() => true)]);
      first.kill();

      const second = home.open({ machines: { chain }, invoke });
      await second.workflow.run();

      expect(await second.workflow.finished(executionId)).toMatchObject({
        status: 'SUCCEEDED',
        output: chainOutput,
      });
      await second.workflow.shutdown();
    }
    // Six states, four of them with work inside: fewer writes would mean that something is not kept.
    expect(writes).toBeGreaterThan(40);
  });

  it('does not repeat the branches and iterations that had finished', async () => {
    const home = workflowHome(fixedClock());
    const fan = machine({
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: container({ Work: { Type: 'Task', Resource: 'work', End: true } }),
        End: true,
      },
    });
    let isStuck = false;
    const first = home.open({
      machines: { fan },
      invoke: async ({ arguments: item }) => {
        isStuck = item === 3;
        return isStuck ? new Promise(() => {}) : item;
      },
    });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'fan', name: 'x', input: {} });
    await soon(() => isStuck || undefined);

    first.kill();
    const again: unknown[] = [];
    const second = home.open({
      machines: { fan },
      invoke: async ({ arguments: item }) => again.push(item) && item,
    });
    await second.workflow.run();

    expect(await second.workflow.finished(executionId)).toMatchObject({
      status: 'SUCCEEDED',
      output: [1, 2, 3],
    });
    expect(again).toEqual([3]);
  });

  it('waits on to the end that a Wait had before', async () => {
    const clock = manualClock();
    const home = workflowHome(clock);
    const nap = machine({ Nap: { Type: 'Wait', Seconds: 3600, End: true } });
    const first = home.open({ machines: { nap }, invoke: noTask });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'nap', name: 'x', input: {} });
    await soon(() => first.database.prepare("SELECT 1 FROM workflow_journal WHERE key = '1/end'").get());
    await clock.advance(1_800_000);

    first.kill();
    const second = home.open({ machines: { nap }, invoke: noTask });
    await second.workflow.run();
    await clock.advance(1_799_000);
    expect((await second.workflow.describe(executionId)).status).toBe('RUNNING');
    const isOver = second.workflow.finished(executionId);
    await clock.advance(1000);

    expect(await isOver).toMatchObject({ status: 'SUCCEEDED', stoppedAt: '2026-01-05T10:00:00.000Z' });
  });

  it('keeps counting retries where it stood', async () => {
    const clock = manualClock();
    const home = workflowHome(clock);
    const flaky = machine({
      Work: {
        Type: 'Task',
        Resource: 'work',
        Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 60, MaxAttempts: 1 }],
        End: true,
      },
    });
    const first = home.open({ machines: { flaky }, invoke: async () => failing('E') });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'flaky', name: 'x', input: {} });
    await soon(() => first.database.prepare("SELECT 1 FROM workflow_journal WHERE key = '1/retries'").get());

    first.kill();
    let calls = 0;
    const invoke = async () => {
      calls += 1;
      return failing('E', 'again');
    };
    const second = home.open({ machines: { flaky }, invoke });
    await second.workflow.run();
    const isOver = second.workflow.finished(executionId);
    await clock.advance(59_000);
    expect(calls).toBe(0);
    await clock.advance(1000);

    expect(await isOver).toMatchObject({ status: 'FAILED', error: 'E', cause: 'again' });
    expect(calls).toBe(1);
  });

  it('keeps the time-out of the machine from when it started', async () => {
    const clock = manualClock();
    const home = workflowHome(clock);
    const long = machine({ Nap: { Type: 'Wait', Seconds: 600, End: true } }, { TimeoutSeconds: 100 });
    const first = home.open({ machines: { long }, invoke: noTask });
    const { executionId } = await first.workflow.start({ machine: 'long', name: 'x', input: {} });
    first.kill();
    await clock.advance(100_000);

    const second = home.open({ machines: { long }, invoke: noTask });
    await second.workflow.run();

    expect(await second.workflow.finished(executionId)).toMatchObject({
      status: 'TIMED_OUT',
      error: 'States.Timeout',
    });
  });

  it('finishes under the definition it was started with', async () => {
    const home = workflowHome(fixedClock());
    const versions = ['old', 'new'].map((output) =>
      machine({ A: { Type: 'Pass', Output: output, End: true } }),
    );
    const first = home.open({ machines: { m: versions[0] }, invoke: noTask });
    const { executionId } = await first.workflow.start({ machine: 'm', name: 'x', input: {} });
    first.kill();

    const second = home.open({ machines: { m: versions[1] }, invoke: noTask });
    await second.workflow.run();

    expect(await second.workflow.finished(executionId)).toMatchObject({ output: 'old' });
  });
});

const askState = {
  Type: 'Task',
  Resource: 'ask.waitForTaskToken',
  Arguments: { token: '{% $states.context.Task.Token %}' },
  TimeoutSeconds: 86_400,
};
const approval = (fields: JsonObject = {}): JsonObject =>
  machine({ Ask: { ...askState, ...fields, End: true } });

const asking = () => {
  const tokens: string[] = [];
  const invoke = async ({ arguments: given }: InvokeRequest) => {
    tokens.push((given as { token: string }).token);
  };
  return { tokens, invoke };
};

const handedOut = "SELECT 1 FROM workflow_journal WHERE key LIKE '%handed-out.0'";

describe('an approval', () => {
  it('outlives the process: the same token is answered in the next, and nobody is asked twice', async () => {
    const home = workflowHome(manualClock());
    const before = asking();
    const first = home.open({ machines: { approval: approval() }, invoke: before.invoke });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'approval', name: 'x', input: {} });
    await soon(() => first.database.prepare(handedOut).get());
    first.kill();
    const after = asking();
    const second = home.open({ machines: { approval: approval() }, invoke: after.invoke });
    await second.workflow.run();

    await second.workflow.completeTask(before.tokens[0] ?? '', 'approved');

    expect(await second.workflow.finished(executionId)).toMatchObject({
      status: 'SUCCEEDED',
      output: 'approved',
    });
    expect([before.tokens.length, after.tokens.length]).toEqual([1, 0]);
  });

  it('can be given while no process executes', async () => {
    const home = workflowHome(manualClock());
    const { tokens, invoke } = asking();
    const first = home.open({ machines: { approval: approval() }, invoke });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'approval', name: 'x', input: {} });
    await soon(() => first.database.prepare(handedOut).get());
    first.kill();

    const commandLine = home.open({ machines: { approval: approval() }, invoke: noTask });
    await commandLine.workflow.completeTask(tokens[0] ?? '', 'by hand');
    const second = home.open({ machines: { approval: approval() }, invoke: noTask });
    await second.workflow.run();

    expect(await second.workflow.finished(executionId)).toMatchObject({ output: 'by hand' });
  });

  it('is noticed when another process gives it, as are starts and stops', async () => {
    const home = workflowHome(manualClock());
    const { tokens, invoke } = asking();
    const server = home.open({ machines: { approval: approval() }, invoke });
    await server.workflow.run();
    const commandLine = home.open({ machines: { approval: approval() }, invoke: noTask });

    const one = await commandLine.workflow.start({ machine: 'approval', name: 'one', input: {} });
    await soon(() => tokens[0]);
    await commandLine.workflow.completeTask(tokens[0] ?? '', 'yes');
    const two = await commandLine.workflow.start({ machine: 'approval', name: 'two', input: {} });
    await soon(() => tokens[1]);
    await commandLine.workflow.stop(two.executionId, 'enough');

    expect(await commandLine.workflow.finished(one.executionId)).toMatchObject({ output: 'yes' });
    expect(await server.workflow.finished(two.executionId)).toMatchObject({
      status: 'ABORTED',
      cause: 'enough',
    });
  });

  it('times out at its original deadline, also over a restart', async () => {
    const clock = manualClock();
    const home = workflowHome(clock);
    const first = home.open({ machines: { approval: approval() }, invoke: asking().invoke });
    await first.workflow.run();
    const { executionId } = await first.workflow.start({ machine: 'approval', name: 'x', input: {} });
    await soon(() => first.database.prepare(handedOut).get());
    await clock.advance(86_000_000);
    first.kill();

    const second = home.open({ machines: { approval: approval() }, invoke: noTask });
    await second.workflow.run();
    const isOver = second.workflow.finished(executionId);
    await clock.advance(400_000);

    expect(await isOver).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('is kept alive by heartbeats, and dies without', async () => {
    const clock = manualClock();
    const home = workflowHome(clock);
    const { tokens, invoke } = asking();
    const process = home.open({ machines: { approval: approval({ HeartbeatSeconds: 60 }) }, invoke });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'approval', name: 'x', input: {} });
    await soon(() => process.database.prepare(handedOut).get());

    await clock.advance(50_000);
    await process.workflow.heartbeatTask(tokens[0] ?? '');
    await clock.advance(50_000);
    expect((await process.workflow.describe(executionId)).status).toBe('RUNNING');
    const isOver = process.workflow.finished(executionId);
    await clock.advance(60_000);

    expect(await isOver).toMatchObject({ error: 'States.HeartbeatTimeout' });
    await expect(process.workflow.heartbeatTask(tokens[0] ?? '')).rejects.toMatchObject({
      name: 'TASK_TOKEN_UNKNOWN',
    });
  });

  it('is asked again with a new token when the state is retried; the old one is dead', async () => {
    const home = workflowHome(fixedClock());
    const { tokens, invoke } = asking();
    const { TimeoutSeconds: _forever, ...ask } = askState;
    const twice = machine({ Ask: { ...ask, Retry: [{ ErrorEquals: ['Unclear'] }], End: true } });
    const process = home.open({ machines: { twice }, invoke });
    await process.workflow.run();
    const { executionId } = await process.workflow.start({ machine: 'twice', name: 'x', input: {} });
    await soon(() => tokens[0]);
    await process.workflow.failTask(tokens[0] ?? '', { error: 'Unclear', cause: '' });
    await soon(() => tokens[1]);

    await expect(process.workflow.completeTask(tokens[0] ?? '', 1)).rejects.toBeInstanceOf(MillraceError);
    await process.workflow.completeTask(tokens[1] ?? '', 2);

    expect(await process.workflow.finished(executionId)).toMatchObject({ output: 2 });
  });
});
