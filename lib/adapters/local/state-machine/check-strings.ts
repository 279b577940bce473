import { expressionProblem } from './check-expression.ts';
import { isFields, refuse } from './refuse.ts';

/** Looks at every string of a state, however deep. */
export const checkStrings = (
  value: unknown,
  path: string,
  variables: ReadonlySet<string>,
  inCatcher: boolean,
): void => {
  if (typeof value === 'string') {
    const problem = expressionProblem(value, { variables, inCatcher });
    if (problem !== undefined) refuse(path, problem);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      checkStrings(item, `${path}/${index}`, variables, inCatcher || path.endsWith('/Catch'));
    }
    return;
  }
  if (!isFields(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key.endsWith('.$'))
      refuse(`${path}/${key}`, 'keys that end with ".$" belong to JSONPath; only JSONata is supported');
    checkStrings(item, `${path}/${key}`, variables, inCatcher);
  }
};

/** Every variable assigned anywhere, because a variable may hold nothing callable but its name is known. */
export const assignedNames = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(assignedNames);
  if (!isFields(value)) return [];
  const own = isFields(value.Assign) ? Object.keys(value.Assign) : [];
  return [...own, ...Object.values(value).flatMap(assignedNames)];
};
