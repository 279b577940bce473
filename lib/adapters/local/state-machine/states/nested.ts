import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../../wire/json.ts';
import type { Container } from '../definition.ts';
import { StateFailure } from '../failure.ts';
import type { Visit } from '../visit.ts';

/** How a branch or an iteration ended. */
export type NestedResult = { readonly output: JsonValue } | { readonly failure: StateFailure };

const Stored = z.union([
  z.object({ output: z.json() }),
  z.object({ error: z.string().optional(), cause: z.string().optional() }),
]);

const restore = (value: JsonValue): NestedResult => {
  const stored = Stored.parse(value);
  return 'output' in stored ? stored : { failure: new StateFailure(stored.error, stored.cause) };
};

const stored = (result: NestedResult): JsonValue => {
  if ('output' in result) return { output: result.output };
  const { error, failureCause: cause } = result.failure;
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
};

/** Runs one branch or iteration; its result is kept until the state around it is done, so a restart skips it. */
export const runNested = async (
  visit: Visit,
  index: number,
  options: {
    readonly container: Container;
    readonly input: JsonValue;
    readonly signal: AbortSignal;
    readonly mapItem?: JsonObject;
  },
): Promise<NestedResult> => {
  const { frame } = visit;
  const path = `${visit.path}${visit.retryCount}.${index}/`;
  const key = `${visit.path}${visit.retryCount}.result.${index}`;
  const known = frame.run.journal.read(key);
  if (known !== undefined) return restore(known);
  const mapItem = options.mapItem ?? frame.mapItem;
  const nested = {
    run: frame.run,
    container: options.container,
    path,
    outerVariables: visit.variables,
    signal: options.signal,
    ...(mapItem === undefined ? {} : { mapItem }),
  };
  const result: NestedResult = await frame.run.runContainer(nested, options.input).then(
    (output) => ({ output }),
    (error: unknown) => {
      if (error instanceof StateFailure) return { failure: error };
      throw error;
    },
  );
  frame.run.journal.write(key, stored(result), path);
  return result;
};

/** Runs `count` pieces of work, at most `width` at a time; the first error stops the rest and is thrown once all have stopped. */
export const runTogether = async (
  count: number,
  options: { readonly width: number; readonly signal: AbortSignal },
  work: (index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, options.signal]);
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count && errors.length === 0) {
      const index = next;
      next += 1;
      await work(index, signal).catch((error: unknown) => {
        errors.push(error);
        stopped.abort(new Error('a sibling failed'));
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.width, count) }, worker));
  if (errors.length > 0) throw errors[0];
};
