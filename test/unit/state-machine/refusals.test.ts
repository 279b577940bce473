import { describe, expect, it } from 'vitest';
import { runStateMachine } from '../../../lib/adapters/local/state-machine/index.ts';
import type { JsonObject, JsonValue } from '../../../lib/wire/json.ts';
import { container, machine } from './conformance/case.ts';

const one = (state: JsonObject): JsonObject => machine({ A: state });
const task = (fields: JsonObject): JsonObject => one({ Type: 'Task', Resource: 'r', End: true, ...fields });
const output = (expression: JsonValue): JsonObject => one({ Type: 'Pass', Output: expression, End: true });
const map = (fields: JsonObject, processor: JsonObject = {}): JsonObject =>
  one({
    Type: 'Map',
    ItemProcessor: { ...container({ B: { Type: 'Succeed' } }), ...processor },
    End: true,
    ...fields,
  });

/** What is wrong, the definition, and what the error must say of it. */
const refused: readonly (readonly [string, JsonValue, string])[] = [
  ['a definition that is no object', 'text', '/: a state machine must be an object'],
  ['no StartAt', { QueryLanguage: 'JSONata', States: {} }, '/StartAt'],
  [
    'a StartAt that names no state',
    { QueryLanguage: 'JSONata', StartAt: 'Z', States: {} },
    '/StartAt: names no state: "Z"',
  ],
  [
    'JSONPath for the machine',
    { ...one({ Type: 'Succeed' }), QueryLanguage: 'JSONPath' },
    '/QueryLanguage: is "JSONPath"',
  ],
  [
    'no QueryLanguage at all, which means JSONPath',
    { StartAt: 'A', States: { A: { Type: 'Succeed' } } },
    '/States/A/QueryLanguage: is "JSONPath"',
  ],
  ['JSONPath for one state', one({ Type: 'Succeed', QueryLanguage: 'JSONPath' }), '/States/A/QueryLanguage'],
  [
    'an unknown field of the machine',
    { ...one({ Type: 'Succeed' }), Tags: {} },
    '/Tags: unknown field "Tags"',
  ],
  ['an unknown state type', one({ Type: 'Loop', End: true }), '/States/A/Type: unknown state type "Loop"'],
  ['a state type from the prototype', one({ Type: 'constructor', End: true }), '/States/A/Type'],
  [
    'an unknown field of a state',
    one({ Type: 'Pass', Colour: 'red', End: true }),
    '/States/A/Colour: unknown field',
  ],
  [
    'a JSONPath field',
    one({ Type: 'Pass', InputPath: '$', End: true }),
    '/States/A/InputPath: field "InputPath" belongs to JSONPath',
  ],
  ['Result, which is JSONPath too', one({ Type: 'Pass', Result: 1, End: true }), 'belongs to JSONPath'],
  ['a key that ends with .$', output({ 'x.$': '$.x' }), '/States/A/Output/x.$: keys that end with ".$"'],
  ['neither Next nor End', one({ Type: 'Pass' }), '/States/A: needs either "Next" or "End": true'],
  ['both Next and End', one({ Type: 'Pass', Next: 'A', End: true }), '/States/A: needs either'],
  ['a Next to nowhere', one({ Type: 'Pass', Next: 'B' }), '/States/A/Next: names no state: "B"'],
  [
    'a Default to nowhere',
    one({ Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'A' }], Default: 'B' }),
    '/States/A/Default',
  ],
  [
    'a rule to nowhere',
    one({ Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }] }),
    '/States/A/Choices/0/Next',
  ],
  ['a Choice without rules', one({ Type: 'Choice', Choices: [] }), '/States/A/Choices'],
  [
    'a Condition that is text',
    one({ Type: 'Choice', Choices: [{ Condition: 'x > 1', Next: 'A' }] }),
    '/States/A/Choices/0/Condition',
  ],
  ['a catcher to nowhere', task({ Catch: [{ ErrorEquals: ['E'], Next: 'B' }] }), '/States/A/Catch/0/Next'],
  [
    'a transition out of a branch',
    one({ Type: 'Parallel', Branches: [container({ B: { Type: 'Pass', Next: 'A' } })], End: true }),
    '/States/A/Branches/0/States/B/Next',
  ],
  [
    'States.ALL beside another name',
    task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }),
    '/States/A/Retry/0/ErrorEquals: States.ALL must stand alone',
  ],
  [
    'States.ALL before another clause',
    task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }),
    '/States/A/Retry/0/ErrorEquals: States.ALL must come last',
  ],
  ['an empty ErrorEquals', task({ Retry: [{ ErrorEquals: [] }] }), '/States/A/Retry/0/ErrorEquals'],
  [
    'a BackoffRate under 1',
    task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] }),
    '/States/A/Retry/0/BackoffRate',
  ],
  [
    'an unknown jitter',
    task({ Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'SOME' }] }),
    '/States/A/Retry/0/JitterStrategy',
  ],
  [
    'a heartbeat longer than the time-out',
    task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
    '/States/A/HeartbeatSeconds',
  ],
  ['a time-out of 0', task({ TimeoutSeconds: 0 }), '/States/A/TimeoutSeconds'],
  ['a Task without Resource', one({ Type: 'Task', End: true }), '/States/A/Resource'],
  [
    'Retry where there is none',
    one({ Type: 'Pass', Retry: [], End: true }),
    '/States/A/Retry: unknown field',
  ],
  ['a Wait for nothing', one({ Type: 'Wait', End: true }), '/States/A: a Wait needs exactly one'],
  [
    'a Wait for two things',
    one({ Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true }),
    '/States/A: a Wait needs exactly one',
  ],
  ['a Timestamp that is none', one({ Type: 'Wait', Timestamp: 'noon', End: true }), '/States/A/Timestamp'],
  [
    'a distributed Map',
    map({}, { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }),
    '/States/A/ItemProcessor/ProcessorConfig/Mode: a DISTRIBUTED Map is not supported',
  ],
  [
    'a field of a distributed Map',
    map({ ItemReader: {} }),
    '/States/A/ItemReader: field "ItemReader" belongs to a Distributed Map',
  ],
  ['Items that are an object', map({ Items: { a: 1 } }), '/States/A/Items'],
  ['a Map without ItemProcessor', one({ Type: 'Map', End: true }), '/States/A/ItemProcessor'],
  [
    'a broken state deep inside',
    map({}, container({ B: { Type: 'Nope' } })),
    '/States/A/ItemProcessor/States/B/Type',
  ],
  [
    'a variable called states',
    one({ Type: 'Pass', Assign: { states: 1 }, End: true }),
    '/States/A/Assign/states',
  ],
  [
    'a variable name with a space',
    one({ Type: 'Pass', Assign: { 'a b': 1 }, End: true }),
    '/States/A/Assign/a b',
  ],
  [
    '$states.result where there is none yet',
    task({ Arguments: '{% $states.result %}' }),
    '/States/A/Arguments: $states.result exists only in',
  ],
  ['$states.result in a Pass', output('{% $states.result.x %}'), '$states.result exists only in'],
  [
    '$states.result in a catcher',
    task({ Catch: [{ ErrorEquals: ['E'], Output: '{% $states.result %}', Next: 'A' }] }),
    '/States/A/Catch/0/Output',
  ],
  [
    'a variable of an outer scope assigned in a branch',
    machine({
      A: {
        Type: 'Parallel',
        Branches: [container({ B: { Type: 'Pass', Assign: { x: 1 }, End: true } })],
        Next: 'C',
      },
      C: { Type: 'Pass', Assign: { x: 2 }, End: true },
    }),
    '/States/A/Branches/0/States/B/Assign/x: "x" is assigned in an outer scope',
  ],
  [
    'a variable of an outer scope assigned in an iteration',
    machine({
      A: {
        Type: 'Map',
        Assign: { x: 1 },
        ItemProcessor: container({
          B: {
            Type: 'Task',
            Resource: 'r',
            Catch: [{ ErrorEquals: ['E'], Assign: { x: 2 }, Next: 'B' }],
            End: true,
          },
        }),
        End: true,
      },
    }),
    '/States/A/ItemProcessor/States/B/Catch/0/Assign/x',
  ],
  [
    'a Resource that is an expression',
    one({ Type: 'Task', Resource: '{% "r" %}', End: true }),
    '/States/A/Resource: expected a constant',
  ],
  [
    'an expression that does not parse',
    output('{% 1 + %}'),
    "/States/A/Output: the JSONata expression '1 +' does not parse",
  ],
  [
    'an expression that is not closed',
    output('{% 1'),
    '/States/A/Output: an expression must fill the whole string',
  ],
  [
    'space before an expression',
    output(' {% 1 %}'),
    '/States/A/Output: an expression must fill the whole string',
  ],
  [
    'an unknown function',
    output({ deep: ['{% $frobnicate(1) %}'] }),
    '/States/A/Output/deep/0: unknown function $frobnicate',
  ],
  [
    'a name without $states.input',
    output('{% order.total %}'),
    "/States/A/Output: reference to 'order' at the top level",
  ],
  [
    'such a name within a function',
    output('{% $map([1], function($v) { $v + rate }) %}'),
    "reference to 'rate' at the top level",
  ],
  ['$$', output('{% $$.x %}'), "reference to '$$'"],
  [
    '$states.errorOutput outside a catcher',
    output('{% $states.errorOutput.Error %}'),
    '$states.errorOutput exists only in',
  ],
];

describe('a definition that is not understood', () => {
  it.each(refused)('is refused before anything runs: %s', async (_name, definition, said) => {
    const invoke = () => {
      throw new Error('a state ran');
    };

    const run = runStateMachine(definition, {}, { invoke });

    await expect(run).rejects.toMatchObject({
      name: 'STATE_MACHINE_INVALID',
      message: expect.stringContaining(said),
    });
    await expect(run).rejects.toThrow('docs/state-machines.md lists what is supported');
  });
});

describe('names that only look like references to the top level', () => {
  it.each([
    ['a filter', '$states.input.list[price > 1].name'],
    ['a later step', '$states.input.list.(price * 2)'],
    ['a sort term', '$states.input.list^(>price).name'],
    ['a grouping', '$states.input.list{name: price}'],
    ['an object made of a path', '$states.input.list.{"n": name}'],
    ['a transform', '$states.input.list ~> |$|{"price": price + 1}|'],
    ['a function of a variable', '($f := function($x) { $x.name }; $f($states.input.list))'],
  ])('are fine: %s', async (_name, expression) => {
    const input = {
      list: [
        { name: 'a', price: 2 },
        { name: 'b', price: 3 },
      ],
    };

    const result = await runStateMachine(output(`{% ${expression} %}`), input, { invoke: () => null });

    expect(result.status).toBe('SUCCEEDED');
  });
});
