import { describe, expect, it } from 'vitest';
import { type InvokeRequest, runStateMachine } from '../../../lib/adapters/local/state-machine/index.ts';
import type { Clock } from '../../../lib/ports/clock.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import type { ConformanceCase } from './conformance/case.ts';
import { expressionCases } from './conformance/expressions.ts';
import { flowCases } from './conformance/flow.ts';
import { nestingCases } from './conformance/nesting.ts';
import { retryCases } from './conformance/retries.ts';
import { taskCases } from './conformance/tasks.ts';
import { variableCases } from './conformance/variables.ts';

/** The random source: jitter is a quarter of the delay. */
const quarters = () => 0.25;

const perform = async (row: ConformanceCase) => {
  const time = fixedClock();
  const sleepsMs: number[] = [];
  const calls: InvokeRequest[] = [];
  const clock: Clock = {
    now: time.now,
    sleep: (milliseconds, signal) => {
      sleepsMs.push(milliseconds);
      return time.sleep(milliseconds, signal);
    },
  };
  const invoke = (request: InvokeRequest) => {
    calls.push(request);
    if (row.task === undefined) throw new Error(`nobody expected ${request.resource}`);
    return row.task(request, calls.length, (seconds) => time.sleep(1000 * seconds));
  };
  const input = row.input ?? {};
  const result = await runStateMachine(row.machine, input, {
    invoke,
    clock,
    random: quarters,
    name: 'the-execution',
  });
  return { result, sleepsMs, calls: calls.length };
};

const table = {
  expressions: expressionCases,
  flow: flowCases,
  variables: variableCases,
  tasks: taskCases,
  retries: retryCases,
  'Parallel and Map': nestingCases,
};

describe.each(Object.entries(table))('state machines behave as AWS documents: %s', (_group, cases) => {
  it.concurrent.each(cases.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const { result, sleepsMs, calls } = await perform(row);

    expect(result).toEqual(row.expected);
    if (row.sleepsMs !== undefined) expect(sleepsMs).toEqual(row.sleepsMs);
    if (row.calls !== undefined) expect(calls).toBe(row.calls);
  });
});
