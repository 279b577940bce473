import { type Allowed, expressionProblem } from './check-expression.ts';
import { isFields, refuse } from './refuse.ts';

/** Looks at every string of a value, however deep. */
const checkStrings = (value: unknown, path: string, allowed: Allowed): void => {
  if (typeof value === 'string') {
    const problem = expressionProblem(value, allowed);
    if (problem !== undefined) refuse(path, problem);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkStrings(item, `${path}/${index}`, allowed);
  } else if (isFields(value)) {
    for (const [key, item] of Object.entries(value)) {
      const at = `${path}/${key}`;
      if (key.endsWith('.$'))
        refuse(at, 'keys that end with ".$" belong to JSONPath; only JSONata is supported');
      checkStrings(item, at, allowed);
    }
  }
};

/** Fields of a state whose strings are prose, or are looked at with the container they belong to. */
const elsewhere = new Set(['Comment', 'Branches', 'ItemProcessor']);
const withResult = new Set<unknown>(['Task', 'Parallel', 'Map']);

/** Checks the expressions of one state: `$states.result` and `$states.errorOutput` exist in some fields only. */
export const checkExpressions = (
  state: Readonly<Record<string, unknown>>,
  path: string,
  variables: ReadonlySet<string>,
): void => {
  for (const [field, value] of Object.entries(state)) {
    if (elsewhere.has(field)) continue;
    const hasResult = withResult.has(state.Type) && (field === 'Output' || field === 'Assign');
    checkStrings({ [field]: value }, path, { variables, hasResult, hasErrorOutput: field === 'Catch' });
  }
};
