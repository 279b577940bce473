import type { FailState, PassState, SucceedState } from '../definition.ts';
import { aString, evaluateAs } from '../evaluate.ts';
import { StateFailure } from '../failure.ts';
import { finish, type Outcome, scopeOf, type Visit } from '../visit.ts';

export const runPass = (visit: Visit<PassState>): Promise<Outcome> =>
  finish(visit, { clause: visit.state, otherwise: visit.input, next: visit.state.Next });

export const runSucceed = (visit: Visit<SucceedState>): Promise<Outcome> =>
  finish(visit, { clause: { Output: visit.state.Output }, otherwise: visit.input, next: undefined });

/** Ends its container with the Error and Cause it names, each of which may be computed. */
export const runFail = async (visit: Visit<FailState>): Promise<never> => {
  const { Error: error, Cause: cause } = visit.state;
  const text = (value: string | undefined, field: string) =>
    value === undefined ? undefined : evaluateAs(value, field, scopeOf(visit), aString);
  throw new StateFailure(await text(error, 'Error'), await text(cause, 'Cause'));
};
