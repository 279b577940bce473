import { compileExpression, expressionSource, isExpression, isMalformedExpression } from './expression.ts';

/** Functions an expression may call by name: JSONata's own, then those Step Functions adds. */
const functionNames = new Set(
  `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match
  contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power
  random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert
  type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval
  toMillis fromMillis clone now millis partition range hash uuid parse`.split(/\s+/),
);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const childrenOf = (node: Node): Node[] => Object.values(node).flat(2).filter(isNode);

const everyNode = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(everyNode)];

/** Names an expression binds itself: `$x := …`, lambda parameters, `@$x` and `#$i`. */
const boundNames = (nodes: readonly Node[]): Set<unknown> =>
  new Set(
    nodes.flatMap((node) => {
      if (node.type === 'bind' && isNode(node.lhs)) return [node.lhs.value];
      if (node.type === 'lambda' && Array.isArray(node.arguments)) {
        return node.arguments.filter(isNode).map((parameter) => parameter.value);
      }
      return [node.focus, node.index].filter((name) => typeof name === 'string');
    }),
  );

const unknownFunction = (nodes: readonly Node[], variables: ReadonlySet<string>): string | undefined => {
  const bound = boundNames(nodes);
  for (const { type, procedure } of nodes) {
    if ((type !== 'function' && type !== 'partial') || !isNode(procedure) || procedure.type !== 'variable')
      continue;
    const name = String(procedure.value);
    if (!functionNames.has(name) && !variables.has(name) && !bound.has(name)) return name;
  }
  return undefined;
};

/**
 * A bare name that reads the top-level context, which has no content in Step Functions (`phone` instead of
 * `$states.input.phone`), or `$$`. Inside later path steps, filters, sort terms and groupings names are fine.
 */
const topLevelReference = (node: Node): string | undefined => {
  if (node.type === 'variable' && node.value === '$') return '$$';
  if (node.type === 'transform') return undefined;
  if (node.type === 'path' && Array.isArray(node.steps)) {
    const first: unknown = node.steps[0];
    if (!isNode(first)) return undefined;
    return first.type === 'name' ? String(first.value) : topLevelReference(first);
  }
  const { predicate, stages, group, ...own } = node;
  for (const child of childrenOf(own)) {
    const found = topLevelReference(child);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Whether an expression reads a field of `$states`, such as `result`. */
const reads = (nodes: readonly Node[], field: string): boolean =>
  nodes.some(({ type, steps }) => {
    if (type !== 'path' || !Array.isArray(steps)) return false;
    const [first, second]: unknown[] = steps;
    return (
      isNode(first) &&
      first.type === 'variable' &&
      first.value === 'states' &&
      isNode(second) &&
      second.value === field
    );
  });

/** What an expression may refer to where it stands. */
export interface Allowed {
  readonly variables: ReadonlySet<string>;
  readonly hasResult: boolean;
  readonly hasErrorOutput: boolean;
}

/** What is wrong with a string of a definition, or `undefined`: the checks AWS makes when a machine is created. */
export const expressionProblem = (text: string, allowed: Allowed): string | undefined => {
  if (isMalformedExpression(text)) return 'an expression must fill the whole string, from "{%" to "%}"';
  if (!isExpression(text)) return undefined;
  let ast: Node;
  try {
    ast = { ...compileExpression(text).ast() };
  } catch (error) {
    const message = isNode(error) ? String(error.message) : String(error);
    return `the JSONata expression '${expressionSource(text)}' does not parse: ${message}`;
  }
  const nodes = everyNode(ast);
  const called = unknownFunction(nodes, allowed.variables);
  if (called !== undefined) return `unknown function $${called}`;
  const reference = topLevelReference(ast);
  if (reference !== undefined) {
    return `reference to '${reference}' at the top level: read the input as $states.input, a variable as $name`;
  }
  if (!allowed.hasErrorOutput && reads(nodes, 'errorOutput')) {
    return '$states.errorOutput exists only in the Output and Assign of a Catch';
  }
  if (!allowed.hasResult && reads(nodes, 'result')) {
    return '$states.result exists only in the Output and Assign of a Task, Parallel or Map';
  }
  return undefined;
};
