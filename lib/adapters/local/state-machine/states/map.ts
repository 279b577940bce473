import type { JsonValue } from '../../../../wire/json.ts';
import type { MapState } from '../definition.ts';
import { aCount, anArray, aPercentage, evaluate, evaluateAs } from '../evaluate.ts';
import { StateFailure, withinDataLimit } from '../failure.ts';
import { finish, type Outcome, scopeOf, type Visit } from '../visit.ts';
import { runNested, runTogether } from './nested.ts';

/** Inline Maps run up to 40 iterations at once: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const maxWidth = 40;

/** How many iterations may fail. As on AWS, a threshold of 0 says nothing beside one that is above 0. */
interface Tolerance {
  readonly isGiven: boolean;
  readonly count: number;
  readonly percentage: number;
}

const toleranceOf = async (visit: Visit<MapState>): Promise<Tolerance> => {
  const { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage } = visit.state;
  const scope = scopeOf(visit);
  return {
    isGiven: count !== undefined || percentage !== undefined,
    count: count === undefined ? 0 : await evaluateAs(count, 'ToleratedFailureCount', scope, aCount),
    percentage:
      percentage === undefined
        ? 0
        : await evaluateAs(percentage, 'ToleratedFailurePercentage', scope, aPercentage),
  };
};

const isExceeded = ({ count, percentage }: Tolerance, failed: number, total: number): boolean => {
  if (count === 0 && percentage === 0) return failed > 0;
  return (count > 0 && failed > count) || (percentage > 0 && 100 * failed > percentage * total);
};

const itemsOf = (visit: Visit<MapState>): Promise<readonly JsonValue[]> =>
  evaluateAs(visit.state.Items ?? '{% $states.input %}', 'Items', scopeOf(visit), anArray);

const widthOf = async (visit: Visit<MapState>): Promise<number> => {
  const width = await evaluateAs(visit.state.MaxConcurrency ?? 0, 'MaxConcurrency', scopeOf(visit), aCount);
  return width === 0 ? maxWidth : Math.min(width, maxWidth);
};

const failureEntry = ({ error, failureCause }: StateFailure): JsonValue => ({
  Status: 'FAILED',
  Error: error ?? '',
  Cause: failureCause ?? '',
});

/** Runs the processor once an item; the result is the outputs in the order of the items. */
export const runMap = async (visit: Visit<MapState>): Promise<Outcome> => {
  const { state, name } = visit;
  const items = withinDataLimit(await itemsOf(visit), name, 'items');
  const tolerance = await toleranceOf(visit);
  const outputs: JsonValue[] = [];
  let failed = 0;

  const iterate = async (index: number, signal: AbortSignal) => {
    const mapItem = { Index: index, Value: items[index] ?? null };
    const selector = state.ItemSelector ?? '{% $states.context.Map.Item.Value %}';
    const input = await evaluate(selector, 'ItemSelector', scopeOf(visit, { mapItem }));
    const ended = await runNested(visit, index, { container: state.ItemProcessor, input, signal, mapItem });
    if ('output' in ended) {
      outputs[index] = ended.output;
      return;
    }
    if (!tolerance.isGiven) throw ended.failure;
    failed += 1;
    outputs[index] = failureEntry(ended.failure);
    if (!isExceeded(tolerance, failed, items.length)) return;
    const cause = `${failed} of ${items.length} items failed, more than is tolerated.`;
    throw new StateFailure('States.ExceedToleratedFailureThreshold', cause);
  };

  await runTogether(items.length, { width: await widthOf(visit), signal: visit.frame.signal }, iterate);
  const result = withinDataLimit(outputs, name, 'result of the iterations');
  return finish(visit, { clause: state, otherwise: result, next: state.Next, extra: { result } });
};
