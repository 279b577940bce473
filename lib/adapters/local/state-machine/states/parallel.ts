import type { JsonValue } from '../../../../wire/json.ts';
import type { ParallelState } from '../definition.ts';
import { evaluate } from '../evaluate.ts';
import { withinDataLimit } from '../failure.ts';
import { finish, type Outcome, scopeOf, type Visit } from '../visit.ts';
import { runNested, runTogether } from './nested.ts';

/** Runs all branches at once; the result is their outputs in order, and the first failure stops the others. */
export const runParallel = async (visit: Visit<ParallelState>): Promise<Outcome> => {
  const { state, name } = visit;
  const given =
    state.Arguments === undefined
      ? visit.input
      : await evaluate(state.Arguments, 'Arguments', scopeOf(visit));
  const input = withinDataLimit(given, name, 'arguments of the branches');
  const outputs: JsonValue[] = [];
  const options = { width: state.Branches.length, signal: visit.frame.signal };
  await runTogether(state.Branches.length, options, async (index, signal) => {
    const container = state.Branches[index];
    if (container === undefined) return;
    const ended = await runNested(visit, index, { container, input, signal });
    if ('failure' in ended) throw ended.failure;
    outputs[index] = ended.output;
  });
  const result = withinDataLimit(outputs, name, 'result of the branches');
  return finish(visit, { clause: state, otherwise: result, next: state.Next, extra: { result } });
};
