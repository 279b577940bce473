import { expect } from 'vitest';
import type { JsonObject } from '../../../../lib/wire/json.ts';
import { type ConformanceCase, container, failing, machine, succeeded } from './case.ts';

const pass = (output: string): JsonObject => ({ Type: 'Pass', Output: output, End: true });
const mapping = (fields: JsonObject, processor: JsonObject = { Same: { Type: 'Succeed' } }): JsonObject =>
  machine({ M: { Type: 'Map', ItemProcessor: container(processor), End: true, ...fields } });
const failsOnTwo: JsonObject = {
  'Two?': {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'Fail' }],
    Default: 'Fine',
  },
  Fail: { Type: 'Fail', Error: 'Two', Cause: 'it was two' },
  Fine: { Type: 'Succeed' },
};
const failedTwo = { Status: 'FAILED', Error: 'Two', Cause: 'it was two' };
const tooMany = {
  status: 'FAILED',
  error: 'States.ExceedToleratedFailureThreshold',
  cause: expect.stringContaining('of 3 items failed'),
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html and state-map-inline.html */
export const nestingCases: readonly ConformanceCase[] = [
  {
    name: 'branches are given the input; their outputs come in order',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({
            Slow: { Type: 'Wait', Seconds: 9, Output: '{% "slow " & $states.input %}', End: true },
          }),
          container({ Fast: pass('{% "fast " & $states.input %}') }),
        ],
        End: true,
      },
    }),
    input: 'x',
    expected: succeeded(['slow x', 'fast x']),
  },
  {
    name: "a Parallel's Arguments are the input of its branches",
    machine: machine({
      P: {
        Type: 'Parallel',
        Arguments: { n: '{% $states.input + 1 %}' },
        Branches: [container({ A: { Type: 'Succeed' } })],
        End: true,
      },
    }),
    input: 1,
    expected: succeeded([{ n: 2 }]),
  },
  {
    name: "a Parallel's Output sees its result",
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [container({ A: pass('{% 1 %}') }), container({ B: pass('{% 2 %}') })],
        Output: '{% {"sum": $sum($states.result), "was": $states.input} %}',
        End: true,
      },
    }),
    input: 'i',
    expected: succeeded({ sum: 3, was: 'i' }),
  },
  {
    name: 'a single branch gives an array of one',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [container({ A: pass('{% 1 %}') })],
        Output: '{% $states.result %}',
        End: true,
      },
    }),
    expected: succeeded([1]),
  },
  {
    name: 'a failing branch fails the Parallel with its error, and the others stop',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({
            A: { Type: 'Wait', Seconds: 100, Next: 'Late' },
            Late: { Type: 'Task', Resource: 'late', End: true },
          }),
          container({ B: { Type: 'Fail', Error: 'E', Cause: 'c' } }),
        ],
        End: true,
      },
    }),
    expected: { status: 'FAILED', error: 'E', cause: 'c' },
    calls: 0,
  },
  {
    name: 'a Parallel catches what its branches throw',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [container({ A: { Type: 'Fail', Error: 'E', Cause: 'c' } })],
        Catch: [{ ErrorEquals: ['E'], Next: 'C' }],
        End: true,
      },
      C: { Type: 'Succeed' },
    }),
    expected: succeeded({ Error: 'E', Cause: 'c' }),
  },
  {
    name: 'a catcher within a branch keeps the failure there',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({
            A: {
              Type: 'Task',
              Resource: 'a',
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
              End: true,
            },
            C: pass('{% "mended" %}'),
          }),
          container({ B: pass('{% "fine" %}') }),
        ],
        End: true,
      },
    }),
    task: () => failing('E'),
    expected: succeeded(['mended', 'fine']),
  },
  {
    name: 'Parallels nest',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({
            Q: {
              Type: 'Parallel',
              Branches: [container({ A: pass('{% 1 %}') }), container({ B: pass('{% 2 %}') })],
              End: true,
            },
          }),
          container({ C: pass('{% 3 %}') }),
        ],
        End: true,
      },
    }),
    expected: succeeded([[1, 2], 3]),
  },
  {
    name: 'Succeed ends its branch only',
    machine: machine({
      P: {
        Type: 'Parallel',
        Branches: [container({ A: { Type: 'Succeed', Output: 'a' } }), container({ B: pass('{% "b" %}') })],
        Next: 'C',
      },
      C: pass('{% $join($states.input) %}'),
    }),
    expected: succeeded('ab'),
  },
  {
    name: 'a Map runs once an item, in order',
    machine: mapping({ Items: '{% $states.input.list %}' }, { Double: pass('{% $states.input * 2 %}') }),
    input: { list: [1, 2, 3] },
    expected: succeeded([2, 4, 6]),
  },
  {
    name: 'without Items a Map takes its input',
    machine: mapping({}),
    input: ['a', 'b'],
    expected: succeeded(['a', 'b']),
  },
  {
    name: 'Items may be written out, with expressions',
    machine: mapping({ Items: [1, '{% $states.input.two %}'] }),
    input: { two: 2 },
    expected: succeeded([1, 2]),
  },
  { name: 'no items, no iterations', machine: mapping({ Items: [] }), expected: succeeded([]) },
  {
    name: 'Items that are no array are a query error',
    machine: mapping({ Items: '{% $states.input.list[x = 1] %}' }),
    input: { list: [{ x: 1 }, { x: 2 }] },
    expected: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Items' must be an array"),
    },
  },
  {
    name: 'a filter that may keep one item needs empty brackets to be Items',
    machine: mapping({ Items: '{% $states.input.list[x = 1][] %}' }),
    input: { list: [{ x: 1 }, { x: 2 }] },
    expected: succeeded([{ x: 1 }]),
  },
  {
    name: 'ItemSelector shapes the input with index, value and state input',
    machine: mapping({
      Items: '{% $states.input.list %}',
      ItemSelector: {
        i: '{% $states.context.Map.Item.Index %}',
        v: '{% $states.context.Map.Item.Value.x %}',
        all: '{% $states.input.all %}',
      },
    }),
    input: { list: [{ x: 'a' }, { x: 'b' }], all: 9 },
    expected: succeeded([
      { i: 0, v: 'a', all: 9 },
      { i: 1, v: 'b', all: 9 },
    ]),
  },
  {
    name: 'states of the processor see Map.Item in their context',
    machine: mapping(
      { Items: ['a', 'b'] },
      { Read: pass('{% $states.context.Map.Item.Value & $states.context.Map.Item.Index %}') },
    ),
    expected: succeeded(['a0', 'b1']),
  },
  {
    name: 'the innermost Map is the one in the context',
    machine: mapping(
      { Items: [['a'], ['b', 'c']] },
      {
        Inner: {
          Type: 'Map',
          Items: '{% $states.input %}',
          ItemProcessor: container({
            Read: pass('{% $states.context.Map.Item.Value & $states.context.Map.Item.Index %}'),
          }),
          End: true,
        },
      },
    ),
    expected: succeeded([['a0'], ['b0', 'c1']]),
  },
  {
    name: 'Map.Item is gone after the Map',
    machine: machine({
      M: { Type: 'Map', Items: [1], ItemProcessor: container({ A: { Type: 'Succeed' } }), Next: 'B' },
      B: pass('{% $exists($states.context.Map) %}'),
    }),
    expected: succeeded(false),
  },
  {
    name: 'MaxConcurrency 1 runs one iteration after the other',
    machine: mapping(
      { Items: [3, 2, 1], MaxConcurrency: 1 },
      {
        W: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'At' },
        At: pass(
          '{% $toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) %}',
        ),
      },
    ),
    expected: succeeded([3000, 5000, 6000]),
  },
  {
    name: 'without MaxConcurrency all iterations run at once',
    machine: mapping(
      { Items: [3, 2, 1] },
      {
        W: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'At' },
        At: pass(
          '{% $toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) %}',
        ),
      },
    ),
    expected: succeeded([3000, 2000, 1000]),
  },
  {
    name: 'MaxConcurrency may be computed',
    machine: mapping({ Items: [1, 2], MaxConcurrency: '{% 1 + 1 %}' }),
    expected: succeeded([1, 2]),
  },
  {
    name: 'a failing iteration fails the Map with its own error',
    machine: mapping({ Items: [1, 2, 3] }, failsOnTwo),
    expected: { status: 'FAILED', error: 'Two', cause: 'it was two' },
  },
  {
    name: 'a Map catches what its iterations throw',
    machine: machine({
      M: {
        Type: 'Map',
        Items: [2],
        ItemProcessor: container(failsOnTwo),
        Catch: [{ ErrorEquals: ['Two'], Next: 'C' }],
        End: true,
      },
      C: { Type: 'Succeed' },
    }),
    expected: succeeded({ Error: 'Two', Cause: 'it was two' }),
  },
  {
    name: 'a failing iteration keeps later ones from starting',
    machine: mapping(
      { Items: [1, 2, 3], MaxConcurrency: 1 },
      { T: { Type: 'Task', Resource: 't', End: true } },
    ),
    task: ({ arguments: item }) => (item === 2 ? failing('Two') : item),
    expected: { status: 'FAILED', error: 'Two', cause: 'because' },
    calls: 2,
  },
  {
    name: 'ToleratedFailureCount lets that many fail and says which',
    machine: mapping({ Items: [1, 2, 3], ToleratedFailureCount: 1 }, failsOnTwo),
    expected: succeeded([1, failedTwo, 3]),
  },
  {
    name: 'more failures than ToleratedFailureCount fail the Map',
    machine: mapping({ Items: [2, 2, 3], ToleratedFailureCount: 1 }, failsOnTwo),
    expected: tooMany,
  },
  {
    name: 'ToleratedFailurePercentage counts over all items',
    machine: mapping({ Items: [1, 2, 3], ToleratedFailurePercentage: 34 }, failsOnTwo),
    expected: succeeded([1, failedTwo, 3]),
  },
  {
    name: 'more failures than ToleratedFailurePercentage fail the Map',
    machine: mapping({ Items: [1, 2, 3], ToleratedFailurePercentage: '{% 33 %}' }, failsOnTwo),
    expected: tooMany,
  },
  {
    name: 'a tolerated count of 0 tolerates nothing',
    machine: mapping({ Items: [1, 2, 3], ToleratedFailureCount: 0 }, failsOnTwo),
    expected: tooMany,
  },
  {
    name: 'results of iterations over 256 KiB are too much together',
    machine: mapping({ Items: [1, 2] }, { Big: pass('{% $pad("", 140000, "x") %}') }),
    expected: {
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: expect.stringContaining('result of the iterations'),
    },
  },
];
