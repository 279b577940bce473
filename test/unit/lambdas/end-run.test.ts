import { describe, expect, it } from 'vitest';
import { step } from '../../../lambdas/end-run/handler.ts';
import type { MetricPoint } from '../../../lib/ports/metric-sink.ts';
import type { Notification } from '../../../lib/ports/notifier.ts';
import { runStep } from '../../../lib/wire/house.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';

const arn = 'arn:aws:states:eu-central-1:111122223333';

/** As EventBridge tells of an execution of the stage `dev`. */
const changed = (machine: string, name: string, detail: object) => ({
  version: '0',
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    executionArn: `${arn}:execution:millrace-dev-${machine}:${name}`,
    stateMachineArn: `${arn}:stateMachine:millrace-dev-${machine}`,
    name,
    startDate: 1767603600000,
    stopDate: 1767603700000,
    input: '{}',
    output: null,
    error: null,
    cause: null,
    ...detail,
  },
});

const runningRun = async () => {
  const { registry, clock } = freshRegistry();
  await registry.startRun({
    runId: 'run-7',
    model: 'penguins',
    trigger: { kind: 'new-data', by: 'drop', why: 'week 1 arrived' },
  });
  const told: Notification[] = [];
  const points: MetricPoint[] = [];
  const services = {
    registry,
    clock,
    notifier: { notify: async (one: Notification) => void told.push(one) },
    metrics: { put: async (more: readonly MetricPoint[]) => void points.push(...more) },
  };
  return { registry, told, points, end: (event: object) => runStep(step, event, services) };
};

describe('an execution that stopped without saying so', () => {
  it.each([
    ['ABORTED', null, null, 'RUN_FAILED: its execution ended aborted'],
    ['TIMED_OUT', 'States.Timeout', null, 'States.Timeout: its execution ended timed_out'],
    [
      'FAILED',
      'States.TaskFailed',
      '{"TrainingJobName":"j","TrainingJobStatus":"Failed","FailureReason":"ClientError: no such image"}',
      'TRAINING_JOB_FAILED: its execution ended failed, the training job j ended as Failed: ClientError: no such image; ',
    ],
  ])('%s ends the record of its run with the reason', async (status, error, cause, outcome) => {
    const { registry, told, points, end } = await runningRun();

    expect(await end(changed('train-and-promote', 'run-7', { status, error, cause }))).toEqual({
      outcome: 'run-ended',
    });

    const run = await registry.getRun('run-7');
    expect(run.status).toBe('failed');
    expect(run.outcome?.startsWith(outcome)).toBe(true);
    expect(told).toMatchObject([{ kind: 'run-failed', text: run.outcome }]);
    expect(points).toMatchObject([{ name: 'FailedExecutions', value: 1 }]);
  });

  it('told of twice ends its run once, with the first reason', async () => {
    const { registry, told, end } = await runningRun();

    await end(changed('train-and-promote', 'run-7', { status: 'ABORTED' }));
    const again = await end(changed('train-and-promote', 'run-7', { status: 'TIMED_OUT' }));

    expect(again).toEqual({ outcome: 'counted' });
    expect((await registry.getRun('run-7')).outcome).toContain('aborted');
    expect(told).toHaveLength(1);
  });

  it('leaves a run alone that ended by itself, and counts the failure', async () => {
    const { registry, points, end } = await runningRun();
    await registry.finishRun({ runId: 'run-7', status: 'failed', outcome: 'PARITY_FAILED: they differ' });

    await end(changed('train-and-promote', 'run-7', { status: 'FAILED', error: 'RUN_FAILED' }));

    expect((await registry.getRun('run-7')).outcome).toBe('PARITY_FAILED: they differ');
    expect(points).toHaveLength(1);
  });

  it.each([
    ['roll-out', 'run-7'],
    ['collect-batch', 'collect-1'],
    ['train-and-promote', 'started-by-hand'],
  ])('of %s named %s is only counted', async (machine, name) => {
    const { registry, points, end } = await runningRun();

    expect(await end(changed(machine, name, { status: 'FAILED' }))).toEqual({ outcome: 'counted' });

    expect((await registry.getRun('run-7')).status).toBe('running');
    expect(points).toHaveLength(1);
  });

  it('that did not stop short is nobody’s concern', async () => {
    const { points, end } = await runningRun();

    expect(await end(changed('train-and-promote', 'run-7', { status: 'SUCCEEDED' }))).toEqual({
      outcome: 'ignored',
    });
    expect(points).toEqual([]);
  });
});
