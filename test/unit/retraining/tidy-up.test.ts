import { describe, expect, test } from 'vitest';
import { run as decideRetraining } from '../../../lambdas/decide-retraining/handler.ts';
import type { ExecutionStatus, Workflow } from '../../../lib/ports/workflow.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';
import { dropped, penguinSpec, questionAbout, registered } from '../registry/support/stories.ts';

const hourMs = 3_600_000;
/** As EventBridge's schedule sends it. */
const everyHour = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };

const unasked = (): never => {
  throw new Error('nobody should ask for this');
};

/** A stage with one model; its workflow remembers what was started and told. */
const stage = async () => {
  const { registry, clock, ids } = freshRegistry();
  await registry.applySpec({ spec: penguinSpec(), by: 'Ada' });
  const executions = new Map<string, ExecutionStatus>();
  const told: (readonly [token: string, output: unknown])[] = [];
  let refusal: Error | undefined;
  const workflow: Workflow = {
    start: async ({ machine, name }) => {
      const executionId = `${machine}:${name}`;
      const started = !executions.has(executionId);
      if (started) executions.set(executionId, 'RUNNING');
      return { executionId, started };
    },
    describe: async (executionId) => ({
      executionId,
      machine: 'collect-batch',
      name: executionId,
      status: executions.get(executionId) ?? unasked(),
      input: {},
      startedAt: '',
    }),
    completeTask: async (token, output) => {
      if (refusal) throw refusal;
      told.push([token, output]);
    },
    failTask: unasked,
    list: unasked,
    stop: unasked,
  };
  const services = {
    registry,
    workflow,
    clock,
    ids,
    alarms: { ensure: unasked, remove: unasked, states: async () => [] },
    notifier: { notify: unasked },
  };
  return {
    registry,
    clock,
    told,
    executions,
    wake: (event: Readonly<Record<string, unknown>>) => decideRetraining(event, services),
    refuse: (error: Error) => {
      refusal = error;
    },
    dieAll: () => {
      for (const id of executions.keys()) executions.set(id, 'FAILED');
    },
  };
};

/** Ada decided, and whoever took her decision died before the run was told. */
const forgottenDecision = async ({ registry }: Pick<Awaited<ReturnType<typeof stage>>, 'registry'>) => {
  const version = await registered(registry, 'run-1');
  await registry.requestApproval(questionAbout(version));
  await registry.decideApproval({ approvalId: 'run-1', decision: 'approved', by: 'Ada', reason: 'good' });
};

describe('once an hour the controller', () => {
  test('tells a run the decision that its messenger died over, once', async () => {
    const { wake, told, ...rest } = await stage();
    await forgottenDecision(rest);

    await wake(everyHour);
    await wake(everyHour);

    expect(told).toEqual([['token-of-run-1', { decision: 'approved', by: 'Ada', reason: 'good' }]]);
  });

  test('begins a batch again that died for good, and leaves one alone that is being collected', async () => {
    const { wake, registry, executions, dieAll } = await stage();
    await registry.noteArrival(dropped('monday.csv'));

    await wake(everyHour);
    await wake(everyHour);
    const [first] = executions.keys();
    expect([...executions.keys()]).toEqual([
      expect.stringMatching(/^collect-batch:collect-[0-9a-f]{10}-\d{17}-[0-9a-f]{10}$/),
    ]);

    dieAll();
    await wake(everyHour);
    expect([...executions.keys()]).toEqual([first, `${first}-2`]);
  });

  test('begins it again for a day: files that kill every batch wait for the next arrival then', async () => {
    const { wake, registry, clock, executions, dieAll } = await stage();
    await registry.noteArrival(dropped('monday.csv'));

    for (let hour = 0; hour < 30; hour += 1) {
      await wake(everyHour);
      dieAll();
      await clock.advance(hourMs);
    }

    expect(executions.size).toBe(24);
  });

  test('does nothing of it for an alarm or the end of a run', async () => {
    const { wake, told, registry, executions } = await stage();
    await registry.noteArrival(dropped('monday.csv'));
    await forgottenDecision({ registry });

    await wake({ source: 'aws.cloudwatch', detail: { alarmName: 'millrace-dev-penguins--drift' } });
    await wake({ source: 'aws.states', detail: { status: 'FAILED' } });

    expect(told).toEqual([]);
    expect(executions.size).toBe(0);
  });

  test('decides and collects even when a run cannot be told, and fails in the end', async () => {
    const { wake, registry, executions, refuse } = await stage();
    await registry.noteArrival(dropped('monday.csv'));
    await forgottenDecision({ registry });
    refuse(new MillraceError('RECORD_CONFLICT', 'the story says so'));

    await expect(wake(everyHour)).rejects.toThrow('the story says so');

    expect(executions.size).toBe(1);
    expect(await registry.listUnansweredApprovals()).toHaveLength(1);
  });
});
