import type { State } from './definition.ts';
import { aTimestamp } from './evaluate.ts';
import { isExpression } from './expression.ts';
import { refuse } from './refuse.ts';

const checkErrorEquals = (
  clauses: readonly { readonly ErrorEquals: readonly string[] }[],
  path: string,
): void => {
  for (const [index, { ErrorEquals }] of clauses.entries()) {
    if (!ErrorEquals.includes('States.ALL')) continue;
    if (ErrorEquals.length > 1) refuse(`${path}/${index}/ErrorEquals`, 'States.ALL must stand alone');
    if (index < clauses.length - 1) refuse(`${path}/${index}/ErrorEquals`, 'States.ALL must come last');
  }
};

/** The states a state may lead to, with the fields that say so. */
export const targetsOf = (state: State): readonly { readonly field: string; readonly name: string }[] => {
  const direct = 'Next' in state && state.Next !== undefined ? [{ field: 'Next', name: state.Next }] : [];
  const caught =
    'Catch' in state
      ? (state.Catch ?? []).map(({ Next }, i) => ({ field: `Catch/${i}/Next`, name: Next }))
      : [];
  if (state.Type !== 'Choice') return [...direct, ...caught];
  const rules = state.Choices.map(({ Next }, i) => ({ field: `Choices/${i}/Next`, name: Next }));
  return state.Default === undefined ? rules : [...rules, { field: 'Default', name: state.Default }];
};

/** Rules between fields that a shape alone cannot say. */
export const checkState = (state: State, path: string): void => {
  if (state.Type !== 'Choice' && state.Type !== 'Succeed' && state.Type !== 'Fail') {
    const hasEnd = state.End === true;
    if (hasEnd === (state.Next !== undefined)) refuse(path, 'needs either "Next" or "End": true');
  }
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    refuse(path, 'a Wait needs exactly one of "Seconds" and "Timestamp"');
  }
  if (state.Type === 'Wait' && state.Timestamp !== undefined && !isExpression(state.Timestamp)) {
    if (!aTimestamp.accepts(state.Timestamp)) refuse(`${path}/Timestamp`, `expected ${aTimestamp.what}`);
  }
  if (state.Type === 'Task') {
    const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
    if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
      refuse(`${path}/HeartbeatSeconds`, 'must be smaller than TimeoutSeconds');
    }
  }
  if ('Retry' in state) checkErrorEquals(state.Retry ?? [], `${path}/Retry`);
  if ('Catch' in state) checkErrorEquals(state.Catch ?? [], `${path}/Catch`);
};
