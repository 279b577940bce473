import { isFields, refuse } from './refuse.ts';

/** Every variable assigned anywhere in a definition: an expression may call it. */
export const assignedNames = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(assignedNames);
  if (!isFields(value)) return [];
  const own = isFields(value.Assign) ? Object.keys(value.Assign) : [];
  return [...own, ...Object.values(value).flatMap(assignedNames)];
};

/** The variables one state assigns in its own scope, with the path of each: its own, its rules' and its catchers'. */
const assignedBy = (state: unknown, path: string): { readonly name: string; readonly path: string }[] => {
  if (!isFields(state)) return [];
  const at = (clause: unknown, clausePath: string) =>
    isFields(clause) && isFields(clause.Assign)
      ? Object.keys(clause.Assign).map((name) => ({ name, path: `${clausePath}/Assign/${name}` }))
      : [];
  const inClauses = ['Choices', 'Catch'].flatMap((field) => {
    const clauses = state[field];
    return Array.isArray(clauses)
      ? clauses.flatMap((clause, index) => at(clause, `${path}/${field}/${index}`))
      : [];
  });
  return [...at(state, path), ...inClauses];
};

/**
 * The variables of a container and of those around it. A branch or iteration may read the variables around it but
 * assign none of that name: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (scope).
 */
export const scopeOfContainer = (
  states: Readonly<Record<string, unknown>>,
  path: string,
  outer: ReadonlySet<string>,
): ReadonlySet<string> => {
  const own = Object.entries(states).flatMap(([name, state]) => assignedBy(state, `${path}/States/${name}`));
  for (const variable of own) {
    if (outer.has(variable.name)) {
      refuse(variable.path, `"${variable.name}" is assigned in an outer scope: choose another name here`);
    }
  }
  return new Set([...outer, ...own.map(({ name }) => name)]);
};
