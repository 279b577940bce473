import { expect } from 'vitest';
import { type ConformanceCase, container, failing, machine, succeeded } from './case.ts';

const iso = expect.stringMatching(/^2026-01-05T09:00:\d\d\.\d{3}Z$/);

/** https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html and the context object's page. */
export const variableCases: readonly ConformanceCase[] = [
  {
    name: 'a variable is read by later states, however far away',
    machine: machine({
      A: { Type: 'Pass', Assign: { price: '{% $states.input.price %}' }, Output: {}, Next: 'B' },
      B: { Type: 'Pass', Next: 'C' },
      C: { Type: 'Pass', Output: '{% $price %}', End: true },
    }),
    input: { price: 5 },
    expected: succeeded(5),
  },
  {
    name: 'Assign reads the values from before: two variables swap',
    machine: machine({
      A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Next: 'C' },
      C: { Type: 'Pass', Output: '{% [$x, $y] %}', End: true },
    }),
    expected: succeeded([2, 1]),
  },
  {
    name: 'Output reads the values from before Assign',
    machine: machine({
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: 2 }, Output: '{% $x %}', End: true },
    }),
    expected: succeeded(1),
  },
  {
    name: 'a counter counts in a loop',
    machine: machine({
      Start: { Type: 'Pass', Assign: { n: 0 }, Next: 'Count' },
      Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'Enough?' },
      'Enough?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $n >= 3 %}', Next: 'Done' }],
        Default: 'Count',
      },
      Done: { Type: 'Succeed', Output: '{% $n %}' },
    }),
    expected: succeeded(3),
  },
  {
    name: 'variables hold nested values, written and computed',
    machine: machine({
      A: { Type: 'Pass', Assign: { v: { list: [1, '{% 1 + 1 %}'], text: 'plain' } }, Next: 'B' },
      B: { Type: 'Pass', Output: '{% $v %}', End: true },
    }),
    expected: succeeded({ list: [1, 2], text: 'plain' }),
  },
  {
    name: 'a Task assigns from its result',
    machine: machine({
      A: {
        Type: 'Task',
        Resource: 'r',
        Assign: { total: '{% $states.result.total %}' },
        Output: '{% $states.input %}',
        Next: 'B',
      },
      B: { Type: 'Pass', Output: '{% [$states.input.id, $total] %}', End: true },
    }),
    input: { id: 'a' },
    task: () => ({ total: 9 }),
    expected: succeeded(['a', 9]),
  },
  {
    name: 'a catcher assigns from the error, and the state assigns nothing then',
    machine: machine({
      A: {
        Type: 'Task',
        Resource: 'r',
        Assign: { ok: true },
        Catch: [
          { ErrorEquals: ['E'], Assign: { ok: false, why: '{% $states.errorOutput.Cause %}' }, Next: 'B' },
        ],
        Next: 'B',
      },
      B: { Type: 'Pass', Output: '{% [$ok, $why] %}', End: true },
    }),
    task: () => failing('E', 'broken'),
    expected: succeeded([false, 'broken']),
  },
  {
    name: 'a branch reads the variables around it',
    machine: machine({
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [container({ In: { Type: 'Pass', Output: '{% $x + 1 %}', End: true } })],
        End: true,
      },
    }),
    expected: succeeded([2]),
  },
  {
    name: 'what a branch assigns is gone after it',
    machine: machine({
      A: { Type: 'Pass', Assign: { x: 'outer' }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [
          container({
            In: { Type: 'Pass', Assign: { own: '{% $x & " and inner" %}' }, Next: 'Read' },
            Read: { Type: 'Pass', Output: '{% $own %}', End: true },
          }),
        ],
        Next: 'B',
      },
      B: { Type: 'Pass', Output: '{% [$states.input[0], $x, $exists($own)] %}', End: true },
    }),
    expected: succeeded(['outer and inner', 'outer', false]),
  },
  {
    name: 'branches may use one name, each for itself',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: ['l', 'r'].map((side) =>
          container({
            [`${side}1`]: { Type: 'Pass', Assign: { side }, Next: `${side}2` },
            [`${side}2`]: { Type: 'Pass', Output: '{% $side %}', End: true },
          }),
        ),
        End: true,
      },
    }),
    expected: succeeded(['l', 'r']),
  },
  {
    name: "a Parallel's catcher assigns in the scope around it",
    machine: machine({
      A: { Type: 'Pass', Assign: { x: 'before' }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [container({ In: { Type: 'Fail', Error: 'E' } })],
        Catch: [{ ErrorEquals: ['E'], Assign: { x: 'caught' }, Next: 'B' }],
        Next: 'B',
      },
      B: { Type: 'Pass', Output: '{% $x %}', End: true },
    }),
    expected: succeeded('caught'),
  },
  {
    name: 'branches do not see each other’s variables',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({
            L: { Type: 'Pass', Assign: { mine: 1 }, Next: 'L2' },
            L2: { Type: 'Pass', Output: '{% $exists($mine) %}', End: true },
          }),
          container({
            R: { Type: 'Wait', Seconds: 5, Next: 'R2' },
            R2: { Type: 'Pass', Output: '{% $exists($mine) %}', End: true },
          }),
        ],
        End: true,
      },
    }),
    expected: succeeded([true, false]),
  },
  {
    name: 'each iteration has variables of its own',
    machine: machine({
      M: {
        Type: 'Map',
        Items: '{% [1, 2, 3] %}',
        ItemProcessor: container({
          In: { Type: 'Pass', Assign: { seen: '{% $exists($seen) %}' }, Next: 'Read' },
          Read: { Type: 'Pass', Output: '{% $seen %}', End: true },
        }),
        MaxConcurrency: 1,
        End: true,
      },
    }),
    expected: succeeded([false, false, false]),
  },
  {
    name: 'a Parallel assigns from the result of its branches',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({ A: { Type: 'Pass', Output: 1, End: true } }),
          container({ B: { Type: 'Pass', Output: 2, End: true } }),
        ],
        Assign: { sum: '{% $sum($states.result) %}' },
        Next: 'C',
      },
      C: { Type: 'Pass', Output: '{% $sum %}', End: true },
    }),
    expected: succeeded(3),
  },
  {
    name: 'the context tells of the execution, the state and the machine',
    machine: machine({ 'Read it': { Type: 'Pass', Output: '{% $states.context %}', End: true } }),
    input: { a: 1 },
    expected: succeeded({
      Execution: {
        Id: 'local:the-execution',
        Name: 'the-execution',
        Input: { a: 1 },
        StartTime: iso,
        RedriveCount: 0,
        RoleArn: 'local',
      },
      State: { Name: 'Read it', EnteredTime: iso },
      StateMachine: { Id: 'local', Name: 'local' },
    }),
  },
  {
    name: 'the context keeps the input of the execution in later states',
    machine: machine({
      A: { Type: 'Pass', Output: 'other', Next: 'B' },
      B: { Type: 'Pass', Output: '{% $states.context.Execution.Input.a %}', End: true },
    }),
    input: { a: 1 },
    expected: succeeded(1),
  },
  {
    name: 'EnteredTime is the time of the state, StartTime that of the execution',
    machine: machine({
      A: { Type: 'Wait', Seconds: 4, Next: 'B' },
      B: {
        Type: 'Pass',
        Output:
          '{% $toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) %}',
        End: true,
      },
    }),
    expected: succeeded(4000),
  },
  {
    name: 'RetryCount counts the attempts of a Task',
    machine: machine({
      A: {
        Type: 'Task',
        Resource: 'r',
        Arguments: '{% $states.context.State.RetryCount %}',
        Retry: [{ ErrorEquals: ['E'] }],
        End: true,
      },
    }),
    task: (request) => (request.arguments === 2 ? 'third' : failing('E')),
    expected: succeeded('third'),
    calls: 3,
  },
  {
    name: 'assigned values over 256 KiB fail the state',
    machine: machine({
      A: { Type: 'Pass', Assign: { x: '{% $pad("", 262144, "x") %}' }, Output: 1, End: true },
    }),
    expected: {
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: expect.stringContaining('variables'),
    },
  },
];
