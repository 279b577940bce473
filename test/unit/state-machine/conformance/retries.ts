import type { JsonObject } from '../../../../lib/wire/json.ts';
import { type ConformanceCase, container, failing, machine, succeeded } from './case.ts';

const retrying = (retry: readonly JsonObject[], more: JsonObject = {}): JsonObject =>
  machine({
    Work: {
      Type: 'Task',
      Resource: 'work',
      Retry: [...retry],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
      End: true,
      ...more,
    },
    Caught: { Type: 'Pass', Output: '{% "caught " & $states.input.Error %}', End: true },
  });

const always = (name: string) => () => failing(name);
/** Fails with each name in turn, then answers. */
const failingWith =
  (...names: string[]) =>
  (_request: unknown, call: number) => {
    const name = names[call - 1];
    return name === undefined ? 'done' : failing(name);
  };

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error */
export const retryCases: readonly ConformanceCase[] = [
  {
    name: 'the defaults: three retries after 1, 2 and 4 seconds',
    machine: retrying([{ ErrorEquals: ['E'] }]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [1000, 2000, 4000],
    calls: 4,
  },
  {
    name: 'a retry that succeeds ends the retrying',
    machine: retrying([{ ErrorEquals: ['E'] }]),
    task: failingWith('E'),
    expected: succeeded('done'),
    sleepsMs: [1000],
    calls: 2,
  },
  {
    name: "AWS's example: 3 and 4.5 seconds",
    machine: retrying([{ ErrorEquals: ['E'], IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 1.5 }]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [3000, 4500],
  },
  {
    name: 'MaxDelaySeconds bounds the wait',
    machine: retrying([
      { ErrorEquals: ['E'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 4, MaxDelaySeconds: 10 },
    ]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [3000, 6000, 10_000, 10_000],
  },
  {
    name: 'a BackoffRate of 1 keeps the interval',
    machine: retrying([{ ErrorEquals: ['E'], IntervalSeconds: 5, BackoffRate: 1 }]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [5000, 5000, 5000],
  },
  {
    name: 'FULL jitter waits a share of the delay',
    machine: retrying([{ ErrorEquals: ['E'], IntervalSeconds: 4, JitterStrategy: 'FULL' }]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [1000, 2000, 4000],
  },
  {
    name: 'NONE is no jitter',
    machine: retrying([{ ErrorEquals: ['E'], IntervalSeconds: 4, MaxAttempts: 1, JitterStrategy: 'NONE' }]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [4000],
  },
  {
    name: 'MaxAttempts 0 never retries, also where a later retrier would',
    machine: retrying([{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }]),
    task: always('E'),
    expected: succeeded('caught E'),
    sleepsMs: [],
    calls: 1,
  },
  {
    name: 'an error no retrier names is not retried',
    machine: retrying([{ ErrorEquals: ['Other'] }]),
    task: always('E'),
    expected: succeeded('caught E'),
    calls: 1,
  },
  {
    name: "AWS's complex scenario: each retrier counts for itself",
    machine: retrying([
      { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
    ]),
    task: failingWith('ErrorA', 'ErrorB', 'ErrorC', 'ErrorB'),
    expected: succeeded('caught ErrorB'),
    sleepsMs: [1000, 2000, 5000],
    calls: 4,
  },
  {
    name: 'States.TaskFailed retries any error',
    machine: retrying([{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }]),
    task: failingWith('Anything'),
    expected: succeeded('done'),
  },
  {
    name: 'States.TaskFailed does not retry a time-out',
    machine: retrying([{ ErrorEquals: ['States.TaskFailed'] }]),
    task: failingWith('States.Timeout'),
    expected: succeeded('caught States.Timeout'),
    calls: 1,
  },
  {
    name: 'States.Timeout retries a time-out',
    machine: retrying([{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }], { TimeoutSeconds: 9 }),
    task: (_request, call) => (call === 1 ? new Promise(() => {}) : 'done'),
    expected: succeeded('done'),
    sleepsMs: [9000, 1000],
    calls: 2,
  },
  {
    name: 'States.HeartbeatTimeout can be named',
    machine: retrying([{ ErrorEquals: ['States.HeartbeatTimeout'], MaxAttempts: 1 }], {
      HeartbeatSeconds: 2,
    }),
    task: (_request, call) => (call === 1 ? new Promise(() => {}) : 'done'),
    expected: succeeded('done'),
    sleepsMs: [2000, 1000],
  },
  {
    name: 'a query error in Output is retried, task and all',
    machine: retrying([{ ErrorEquals: ['States.QueryEvaluationError'] }], {
      Output: '{% $states.result.y %}',
    }),
    task: (_request, call) => (call === 1 ? {} : { y: 1 }),
    expected: succeeded(1),
    calls: 2,
  },
  {
    name: 'the second visit of a state starts its retries anew',
    machine: machine({
      Work: {
        Type: 'Task',
        Resource: 'work',
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Next: 'Again?',
      },
      'Again?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input = "twice" %}', Next: 'Done' }],
        Default: 'Work',
      },
      Done: { Type: 'Succeed' },
    }),
    task: (_request, call) => (call % 2 === 1 ? failing('E') : call === 4 ? 'twice' : 'once'),
    expected: succeeded('twice'),
    sleepsMs: [1000, 1000],
    calls: 4,
  },
  {
    name: 'a Parallel is retried as a whole',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({ A: { Type: 'Task', Resource: 'a', End: true } }),
          container({ B: { Type: 'Task', Resource: 'b', End: true } }),
        ],
        Retry: [{ ErrorEquals: ['E'] }],
        End: true,
      },
    }),
    task: ({ resource }, call) => (resource === 'b' && call <= 2 ? failing('E') : resource),
    expected: succeeded(['a', 'b']),
    sleepsMs: [1000],
    calls: 4,
  },
  {
    name: 'a Map is retried as a whole',
    machine: machine({
      M: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: container({ A: { Type: 'Task', Resource: 'a', End: true } }),
        MaxConcurrency: 1,
        Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 7 }],
        End: true,
      },
    }),
    task: ({ arguments: item }, call) => (call === 2 ? failing('E') : item),
    expected: succeeded([1, 2]),
    sleepsMs: [7000],
    calls: 4,
  },
];
