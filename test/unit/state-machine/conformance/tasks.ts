import { expect } from 'vitest';
import type { JsonObject } from '../../../../lib/wire/json.ts';
import { type ConformanceCase, failing, machine, succeeded } from './case.ts';

const task = (fields: JsonObject = {}, after: JsonObject = {}): JsonObject =>
  machine({ Work: { Type: 'Task', Resource: 'work', End: true, ...fields }, ...after });

const caughtBy = (...errors: string[]): JsonObject => ({
  Catch: [{ ErrorEquals: errors, Next: 'Caught' }],
});
const caught = { Caught: { Type: 'Pass', Output: '{% ["caught", $states.input.Error] %}', End: true } };

const never = () => new Promise(() => {});
const timeout = { status: 'FAILED', error: 'States.Timeout', cause: expect.stringContaining('seconds') };

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html and concepts-error-handling.html */
export const taskCases: readonly ConformanceCase[] = [
  {
    name: 'a Task without Arguments is given its input',
    machine: task(),
    input: { x: 1 },
    task: ({ arguments: given, resource }) => ({ given, resource }),
    expected: succeeded({ given: { x: 1 }, resource: 'work' }),
  },
  {
    name: 'Arguments are computed',
    machine: task({ Arguments: { y: '{% $states.input.x + 1 %}', z: ['plain'] } }),
    input: { x: 1 },
    task: (request) => request.arguments,
    expected: succeeded({ y: 2, z: ['plain'] }),
  },
  {
    name: 'Output sees input and result',
    machine: task({ Output: '{% [$states.input.x, $states.result.y] %}' }),
    input: { x: 1 },
    task: () => ({ y: 2 }),
    expected: succeeded([1, 2]),
  },
  {
    name: 'a Task that answers nothing answers null',
    machine: task(),
    task: () => undefined,
    expected: succeeded(null),
  },
  {
    name: 'the task sees its context',
    machine: task(),
    task: ({ context }) => context.State,
    expected: succeeded({ Name: 'Work', EnteredTime: expect.any(String), RetryCount: 0 }),
  },
  {
    name: 'what a task throws fails the execution, name and message',
    machine: task(),
    task: () => failing('OutOfStock', 'no hats'),
    expected: { status: 'FAILED', error: 'OutOfStock', cause: 'no hats' },
  },
  {
    name: 'what a task throws need not be an Error',
    machine: task(),
    task: () => Promise.reject({ name: 'Odd', message: 'but named' }),
    expected: { status: 'FAILED', error: 'Odd', cause: 'but named' },
  },
  {
    name: 'a catcher takes the error by name; without Output it passes the error on',
    machine: task(
      {
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          { ErrorEquals: ['E'], Next: 'Right' },
        ],
      },
      { Wrong: { Type: 'Succeed' }, Right: { Type: 'Succeed' } },
    ),
    task: () => failing('E', 'why'),
    expected: succeeded({ Error: 'E', Cause: 'why' }),
  },
  {
    name: "a catcher's Output sees input and error",
    machine: task(
      {
        Catch: [
          {
            ErrorEquals: ['E'],
            Output: { was: '{% $states.input %}', error: '{% $states.errorOutput.Error %}' },
            Next: 'B',
          },
        ],
      },
      { B: { Type: 'Succeed' } },
    ),
    input: 1,
    task: () => failing('E'),
    expected: succeeded({ was: 1, error: 'E' }),
  },
  {
    name: 'an error no catcher names fails the execution',
    machine: task(caughtBy('A', 'B'), caught),
    task: () => failing('C'),
    expected: { status: 'FAILED', error: 'C', cause: 'because' },
  },
  {
    name: 'States.ALL catches any name',
    machine: task(caughtBy('States.ALL'), caught),
    task: () => failing('Anything'),
    expected: succeeded(['caught', 'Anything']),
  },
  {
    name: 'States.TaskFailed catches any name',
    machine: task(caughtBy('States.TaskFailed'), caught),
    task: () => failing('Anything'),
    expected: succeeded(['caught', 'Anything']),
  },
  {
    name: 'a query error in Arguments can be caught',
    machine: task(
      { ...caughtBy('States.QueryEvaluationError'), Arguments: '{% $states.input.no %}' },
      caught,
    ),
    input: {},
    expected: succeeded(['caught', 'States.QueryEvaluationError']),
    calls: 0,
  },
  {
    name: 'a query error in Output can be caught',
    machine: task({ ...caughtBy('States.ALL'), Output: '{% $states.result.no %}' }, caught),
    task: () => ({}),
    expected: succeeded(['caught', 'States.QueryEvaluationError']),
  },
  {
    name: 'a query error in a catcher is not caught by it',
    machine: task(
      { Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input.no %}', Next: 'Caught' }] },
      caught,
    ),
    input: {},
    task: () => failing('E'),
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Catch[0]/Output'"),
    },
  },
  {
    name: 'a result over 256 KiB is too much, and States.ALL does not catch it',
    machine: task({ ...caughtBy('States.ALL'), Output: 1 }, caught),
    task: () => 'x'.repeat(262_144),
    expected: { status: 'FAILED', error: 'States.DataLimitExceeded', cause: expect.any(String) },
  },
  {
    name: 'a catcher that names States.DataLimitExceeded takes it',
    machine: task({ ...caughtBy('States.DataLimitExceeded'), Output: 1 }, caught),
    task: () => 'x'.repeat(262_144),
    expected: succeeded(['caught', 'States.DataLimitExceeded']),
  },
  {
    name: 'States.Runtime is neither retried nor caught',
    machine: task({ ...caughtBy('States.ALL'), Retry: [{ ErrorEquals: ['States.ALL'] }] }, caught),
    task: () => failing('States.Runtime'),
    expected: { status: 'FAILED', error: 'States.Runtime', cause: 'because' },
    calls: 1,
  },
  {
    name: 'a Task that takes longer than TimeoutSeconds fails',
    machine: task({ TimeoutSeconds: 5 }),
    task: never,
    expected: timeout,
    sleepsMs: [5000],
  },
  {
    name: 'a Task that finishes after its time has failed too',
    machine: task({ TimeoutSeconds: 5 }),
    task: async (_request, _call, sleep) => sleep(6),
    expected: timeout,
  },
  {
    name: 'a Task that finishes in time is not hurried',
    machine: task({ TimeoutSeconds: 5 }),
    task: async (_request, _call, sleep) => sleep(5).then(() => 'done'),
    expected: succeeded('done'),
  },
  {
    name: 'TimeoutSeconds may be computed',
    machine: task({ TimeoutSeconds: '{% $states.input.limit %}' }),
    input: { limit: 3 },
    task: never,
    expected: timeout,
    sleepsMs: [3000],
  },
  {
    name: 'TimeoutSeconds must come out positive',
    machine: task({ TimeoutSeconds: '{% 0 %}' }),
    task: never,
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'TimeoutSeconds'"),
    },
    calls: 0,
  },
  {
    name: 'States.Timeout catches a time-out',
    machine: task({ TimeoutSeconds: 5, ...caughtBy('States.Timeout') }, caught),
    task: never,
    expected: succeeded(['caught', 'States.Timeout']),
  },
  {
    name: 'States.TaskFailed does not catch a time-out',
    machine: task({ TimeoutSeconds: 5, ...caughtBy('States.TaskFailed') }, caught),
    task: never,
    expected: timeout,
  },
  {
    name: 'a missing heartbeat fails the task',
    machine: task({ TimeoutSeconds: 60, HeartbeatSeconds: 10 }),
    task: never,
    expected: {
      status: 'FAILED',
      error: 'States.HeartbeatTimeout',
      cause: expect.stringContaining('10 seconds'),
    },
    sleepsMs: [10_000],
  },
  {
    name: 'States.Timeout catches a missing heartbeat',
    machine: task({ HeartbeatSeconds: 10, ...caughtBy('States.Timeout') }, caught),
    task: never,
    expected: succeeded(['caught', 'States.HeartbeatTimeout']),
  },
  {
    name: 'a machine may run out of time during a task',
    machine: { ...task({ TimeoutSeconds: 60, ...caughtBy('States.ALL') }, caught), TimeoutSeconds: 20 },
    task: never,
    expected: { status: 'TIMED_OUT', error: 'States.Timeout', cause: expect.any(String) },
    sleepsMs: [20_000],
  },
  {
    name: 'a callback task sees its token and waits for the answer until its time-out',
    machine: task({
      Resource: 'ask.waitForTaskToken',
      Arguments: { token: '{% $states.context.Task.Token %}' },
      TimeoutSeconds: 30,
    }),
    task: () => 'ignored',
    expected: timeout,
    calls: 1,
  },
  {
    name: 'a callback task whose asking fails has failed',
    machine: task({ Resource: 'ask.waitForTaskToken', ...caughtBy('NoPost') }, caught),
    task: () => failing('NoPost'),
    expected: succeeded(['caught', 'NoPost']),
  },
];
