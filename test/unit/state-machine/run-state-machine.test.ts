import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runStateMachine, type TaskTokens } from '../../../lib/adapters/local/state-machine/index.ts';
import { retryDelayMs } from '../../../lib/adapters/local/state-machine/retry.ts';
import type { JsonValue } from '../../../lib/wire/json.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { container, machine } from './conformance/case.ts';

const noTask = () => {
  throw new Error('nobody expected a task');
};
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

describe('running a state machine in memory', () => {
  it('gives any JSON back as it came, through input, context, variables and iterations', async () => {
    const carry = machine({
      A: { Type: 'Pass', Assign: { kept: '{% $states.input.value %}' }, Next: 'M' },
      M: {
        Type: 'Map',
        Items: '{% $states.input.list %}',
        ItemProcessor: container({ Same: { Type: 'Pass', Output: '{% $states.input %}', End: true } }),
        Output: {
          list: '{% $states.result %}',
          kept: '{% $kept %}',
          sent: '{% $states.context.Execution.Input.value %}',
        },
        End: true,
      },
    });
    await fc.assert(
      fc.asyncProperty(json, fc.array(json, { minLength: 2, maxLength: 4 }), async (value, list) => {
        const result = await runStateMachine(carry, { value, list }, { invoke: noTask, clock: fixedClock() });

        expect(result).toStrictEqual({
          status: 'SUCCEEDED',
          output: { list, kept: value, sent: value },
        });
      }),
      { numRuns: 50 },
    );
  });

  it('leaves input and output free of what JSONata scribbles on arrays', async () => {
    const input = { one: [{ x: 1 }] };
    const scribble = machine({
      A: { Type: 'Choice', Choices: [{ Condition: '{% $count($states.input.one[]) = 1 %}', Next: 'B' }] },
      B: { Type: 'Succeed' },
    });

    const { output } = await runStateMachine(scribble, input, { invoke: noTask });

    expect(Object.getOwnPropertyNames((output as typeof input).one)).toEqual(['0', 'length']);
    expect(Object.getOwnPropertyNames(input.one)).toEqual(['0', 'length']);
  });

  it('keeps what a task does to its arguments from everybody else', async () => {
    const meddling = machine({
      A: { Type: 'Task', Resource: 'r', Output: '{% $states.input %}', End: true },
    });
    const invoke = (request: { arguments: JsonValue }) => {
      Object.assign(request.arguments as object, { x: 'changed' });
    };

    const { output } = await runStateMachine(meddling, { x: 'as it was' }, { invoke });

    expect(output).toEqual({ x: 'as it was' });
  });

  it('waits for an answer when somebody can give one', async () => {
    const answered = Promise.withResolvers<{ output: JsonValue }>();
    const tokens: TaskTokens = {
      issue: () => 'the-token',
      answer: () => answered.promise,
      heartbeatAtMs: () => undefined,
      close: () => {},
    };
    const ask = machine({
      Ask: {
        Type: 'Task',
        Resource: 'ask.waitForTaskToken',
        Arguments: '{% $states.context.Task.Token %}',
        End: true,
      },
    });
    const invoke = (request: { arguments: JsonValue }) =>
      answered.resolve({ output: `${request.arguments} answered` });

    const result = await runStateMachine(ask, {}, { invoke, tokens });

    expect(result).toEqual({ status: 'SUCCEEDED', output: 'the-token answered' });
  });

  it('rejects with the reason when it is stopped, and no state catches that', async () => {
    const stop = new AbortController();
    const hang = machine({
      A: { Type: 'Task', Resource: 'r', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true },
      B: { Type: 'Succeed' },
    });
    const run = runStateMachine(hang, {}, { invoke: () => new Promise(() => {}), signal: stop.signal });

    stop.abort(new Error('enough'));

    await expect(run).rejects.toThrow('enough');
  });

  it('stops the branches that wait on a clock which does not listen', async () => {
    const deaf = { now: () => 0, sleep: () => new Promise<void>(() => {}) };
    const both = machine({
      P: {
        Type: 'Parallel',
        Branches: [
          container({ Wait: { Type: 'Wait', Seconds: 60, End: true } }),
          container({ Fail: { Type: 'Task', Resource: 'fail', End: true } }),
        ],
        End: true,
      },
    });

    const result = await runStateMachine(both, {}, { invoke: noTask, clock: deaf });

    expect(result).toMatchObject({ status: 'FAILED', cause: 'nobody expected a task' });
  });

  it('takes the word of a clock that wakes at once and never moves', async () => {
    const instant = { now: () => 0, sleep: async () => {} };
    const slow = machine({ A: { Type: 'Task', Resource: 'r', TimeoutSeconds: 60, End: true } });
    const long = machine({ A: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 30 });
    const options = { invoke: () => new Promise(() => {}), clock: instant };

    expect(await runStateMachine(slow, {}, options)).toMatchObject({ error: 'States.Timeout' });
    expect(await runStateMachine(long, {}, options)).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('stops an expression that would never end', async () => {
    const endless = machine({
      A: { Type: 'Pass', Output: '{% ($f := function($n) { 1 + $f($n) }; $f(1)) %}', End: true },
    });

    const result = await runStateMachine(endless, {}, { invoke: noTask });

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('the wait before a retry', () => {
  const retrier = fc.record({
    ErrorEquals: fc.array(fc.string(), { minLength: 1 }),
    IntervalSeconds: fc.integer({ min: 1, max: 100 }),
    BackoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
    MaxAttempts: fc.nat(),
    MaxDelaySeconds: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    JitterStrategy: fc.constantFrom('NONE' as const, 'FULL' as const),
  });

  it('never shrinks without jitter, never passes its bound, and jitter only shortens it', () => {
    fc.assert(
      fc.property(
        retrier,
        fc.integer({ min: 0, max: 20 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (each, count, random) => {
          const steady = { ...each, JitterStrategy: 'NONE' as const };
          const [now, next] = [
            retryDelayMs(steady, count, () => random),
            retryDelayMs(steady, count + 1, () => random),
          ];

          expect(next).toBeGreaterThanOrEqual(now);
          expect(now).toBeLessThanOrEqual(1000 * (each.MaxDelaySeconds ?? Number.POSITIVE_INFINITY));
          expect(retryDelayMs({ ...each, JitterStrategy: 'FULL' }, count, () => random)).toBeLessThanOrEqual(
            now,
          );
        },
      ),
    );
  });
});
