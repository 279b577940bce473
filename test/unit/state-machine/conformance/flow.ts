import { expect } from 'vitest';
import { type ConformanceCase, machine, succeeded } from './case.ts';

const choosing = (choices: readonly { Condition: string; Next: string }[], more = {}) =>
  machine({
    Choose: { Type: 'Choice', Choices: [...choices], ...more },
    Low: { Type: 'Pass', Output: { went: 'low', input: '{% $states.input %}' }, End: true },
    High: { Type: 'Pass', Output: { went: 'high', input: '{% $states.input %}' }, End: true },
  });

const isHigh = { Condition: '{% $states.input.n > 10 %}', Next: 'High' };
const isLow = { Condition: '{% $states.input.n <= 10 %}', Next: 'Low' };

/** https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html */
export const flowCases: readonly ConformanceCase[] = [
  {
    name: 'Pass without Output passes its input on',
    machine: machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } }),
    input: { x: [1] },
    expected: succeeded({ x: [1] }),
  },
  {
    name: 'Pass gives its Output',
    machine: machine({
      A: { Type: 'Pass', Output: { y: '{% $states.input.x * 2 %}' }, Next: 'B' },
      B: { Type: 'Succeed' },
    }),
    input: { x: 2 },
    expected: succeeded({ y: 4 }),
  },
  {
    name: 'Succeed may have an Output',
    machine: machine({ A: { Type: 'Succeed', Output: '{% $states.input.x %}' } }),
    input: { x: 'out' },
    expected: succeeded('out'),
  },
  {
    name: 'Fail ends with its Error and Cause',
    machine: machine({ A: { Type: 'Fail', Error: 'Custom', Cause: 'so it is' } }),
    expected: { status: 'FAILED', error: 'Custom', cause: 'so it is' },
  },
  {
    name: 'Fail computes its Error and Cause',
    machine: machine({
      A: { Type: 'Fail', Error: '{% "E" & $states.input.n %}', Cause: '{% $states.input.why %}' },
    }),
    input: { n: 7, why: 'seven' },
    expected: { status: 'FAILED', error: 'E7', cause: 'seven' },
  },
  {
    name: 'Fail needs neither Error nor Cause',
    machine: machine({ A: { Type: 'Fail' } }),
    expected: { status: 'FAILED' },
  },
  {
    name: 'a Cause that is no string is a query error',
    machine: machine({ A: { Type: 'Fail', Error: 'E', Cause: '{% 1 %}' } }),
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Cause' must be a string"),
    },
  },
  {
    name: 'Choice takes the first rule that is true',
    machine: choosing([isHigh, { ...isHigh, Next: 'Low' }], { Default: 'Low' }),
    input: { n: 11 },
    expected: succeeded({ went: 'high', input: { n: 11 } }),
  },
  {
    name: 'Choice tries its rules in order',
    machine: choosing([isHigh, isLow]),
    input: { n: 3 },
    expected: succeeded({ went: 'low', input: { n: 3 } }),
  },
  {
    name: 'Choice without a match takes Default',
    machine: choosing([isHigh], { Default: 'Low' }),
    input: { n: 3 },
    expected: succeeded({ went: 'low', input: { n: 3 } }),
  },
  {
    name: 'Choice without a match or Default fails',
    machine: choosing([isHigh, { Condition: '{% false %}', Next: 'Low' }]),
    input: { n: 3 },
    expected: {
      status: 'FAILED',
      error: 'States.NoChoiceMatched',
      cause: expect.stringContaining("'Choose'"),
    },
  },
  {
    name: 'a Condition that is no boolean is a query error',
    machine: choosing([{ Condition: '{% $states.input.n %}', Next: 'High' }, isLow]),
    input: { n: 1 },
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Choices[0]/Condition' must be a boolean"),
    },
  },
  {
    name: 'a Condition after the matching rule is not evaluated',
    machine: choosing([isLow, { Condition: '{% $error("never") %}', Next: 'High' }]),
    input: { n: 1 },
    expected: succeeded({ went: 'low', input: { n: 1 } }),
  },
  {
    name: 'a matching rule has its own Output and Assign',
    machine: machine({
      Choose: {
        Type: 'Choice',
        Choices: [{ Condition: '{% true %}', Next: 'End', Output: { by: 'rule' }, Assign: { from: 'rule' } }],
        Output: { by: 'default' },
        Assign: { from: 'default' },
        Default: 'End',
      },
      End: { Type: 'Pass', Output: '{% [$states.input.by, $from] %}', End: true },
    }),
    expected: succeeded(['rule', 'rule']),
  },
  {
    name: "the Choice's own Output and Assign go with Default",
    machine: machine({
      Choose: {
        Type: 'Choice',
        Choices: [{ Condition: '{% false %}', Next: 'End', Output: { by: 'rule' } }],
        Output: { by: 'default' },
        Assign: { from: 'default' },
        Default: 'End',
      },
      End: { Type: 'Pass', Output: '{% [$states.input.by, $from] %}', End: true },
    }),
    expected: succeeded(['default', 'default']),
  },
  {
    name: 'Wait waits for its Seconds and passes its input on',
    machine: machine({ A: { Type: 'Wait', Seconds: 30, End: true } }),
    input: { x: 1 },
    expected: succeeded({ x: 1 }),
    sleepsMs: [30_000],
  },
  {
    name: 'Seconds may be computed',
    machine: machine({ A: { Type: 'Wait', Seconds: '{% $states.input.n * 60 %}', End: true } }),
    input: { n: 2 },
    expected: succeeded({ n: 2 }),
    sleepsMs: [120_000],
  },
  {
    name: 'a Wait of 0 seconds does not wait',
    machine: machine({ A: { Type: 'Wait', Seconds: '{% 0 %}', End: true } }),
    input: 1,
    expected: succeeded(1),
    sleepsMs: [],
  },
  {
    name: 'Wait waits until its Timestamp',
    machine: machine({ A: { Type: 'Wait', Timestamp: '2026-01-05T10:00:00Z', End: true } }),
    input: 1,
    expected: succeeded(1),
    sleepsMs: [3_600_000],
  },
  {
    name: 'a Timestamp may be computed',
    machine: machine({ A: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 5000) %}', End: true } }),
    input: 1,
    expected: succeeded(1),
    sleepsMs: [5000],
  },
  {
    name: 'a Timestamp in the past does not wait',
    machine: machine({ A: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } }),
    input: 1,
    expected: succeeded(1),
    sleepsMs: [],
  },
  {
    name: 'negative Seconds are a query error',
    machine: machine({ A: { Type: 'Wait', Seconds: '{% -1 %}', End: true } }),
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Seconds' must be a whole number"),
    },
  },
  {
    name: 'fractional Seconds are a query error',
    machine: machine({ A: { Type: 'Wait', Seconds: '{% 1.5 %}', End: true } }),
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('1.5'),
    },
  },
  {
    name: 'a Timestamp that is none is a query error',
    machine: machine({ A: { Type: 'Wait', Timestamp: '{% "tomorrow" %}', End: true } }),
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('ISO 8601'),
    },
  },
  {
    name: 'a machine may run out of time while it waits',
    machine: machine({ A: { Type: 'Wait', Seconds: 600, End: true } }, { TimeoutSeconds: 60 }),
    expected: { status: 'TIMED_OUT', error: 'States.Timeout', cause: expect.any(String) },
    sleepsMs: [60_000],
  },
  {
    name: 'a machine may run out of time in a loop, and no state can catch it',
    machine: machine(
      {
        Work: {
          Type: 'Task',
          Resource: 'work',
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rest' }],
          Next: 'Rest',
        },
        Rest: { Type: 'Wait', Seconds: 10, Next: 'Work' },
      },
      { TimeoutSeconds: 25 },
    ),
    task: () => null,
    expected: { status: 'TIMED_OUT', error: 'States.Timeout', cause: expect.any(String) },
    calls: 3,
  },
  {
    name: 'states may declare JSONata one by one',
    machine: {
      StartAt: 'A',
      States: { A: { QueryLanguage: 'JSONata', Type: 'Pass', Output: '{% 1 %}', End: true } },
    },
    expected: succeeded(1),
  },
  {
    name: 'an output of 256 KiB passes',
    machine: machine({ A: { Type: 'Pass', Output: '{% $pad("", 262142, "x") %}', End: true } }),
    expected: succeeded('x'.repeat(262_142)),
  },
  {
    name: 'one byte more than 256 KiB does not',
    machine: machine({ A: { Type: 'Pass', Output: '{% $pad("", 262143, "x") %}', End: true } }),
    expected: {
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: expect.stringContaining('262145 bytes'),
    },
  },
];
