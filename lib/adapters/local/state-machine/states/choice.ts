import type { ChoiceState } from '../definition.ts';
import { aBoolean, evaluateAs } from '../evaluate.ts';
import { StateFailure } from '../failure.ts';
import { finish, type Outcome, scopeOf, type Visit } from '../visit.ts';

/** Takes the first rule whose Condition is true; the state's own Output and Assign belong to Default alone. */
export const runChoice = async (visit: Visit<ChoiceState>): Promise<Outcome> => {
  const { state, input } = visit;
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/`;
    const isMet = await evaluateAs(rule.Condition, `${field}Condition`, scopeOf(visit), aBoolean);
    if (isMet) return finish(visit, { clause: rule, otherwise: input, next: rule.Next, field });
  }
  if (state.Default !== undefined)
    return finish(visit, { clause: state, otherwise: input, next: state.Default });
  throw new StateFailure(
    'States.NoChoiceMatched',
    `No rule of the Choice '${visit.name}' matched and it has no Default.`,
  );
};
