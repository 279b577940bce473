import type * as z from 'zod';
import { checkState, targetsOf } from './check-state.ts';
import { checkExpressions } from './check-strings.ts';
import { assignedNames, scopeOfContainer } from './check-variables.ts';
import {
  branchSchema,
  type Container,
  itemProcessorSchema,
  type Machine,
  machineSchema,
  type State,
  stateSchemas,
} from './definition.ts';
import { type Fields, isFields, refuse } from './refuse.ts';

/** Fields people bring along, with the reason they are refused. */
const jsonPathFields = new Set(
  `InputPath OutputPath ResultPath ResultSelector Parameters Result ItemsPath MaxConcurrencyPath SecondsPath TimestampPath
  TimeoutSecondsPath HeartbeatSecondsPath ErrorPath CausePath Variable ToleratedFailureCountPath
  ToleratedFailurePercentagePath`.split(/\s+/),
);
const distributedFields = new Set(['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label']);

const unknownField = (field: string): string => {
  if (jsonPathFields.has(field)) return `field "${field}" belongs to JSONPath; only JSONata is supported`;
  if (distributedFields.has(field))
    return `field "${field}" belongs to a Distributed Map, which is not supported`;
  return `unknown field "${field}"`;
};

const parseShape = <S extends z.ZodType>(schema: S, value: unknown, path: string): z.infer<S> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) return refuse(path, 'invalid');
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const at = [path, ...issue.path.map(String), ...(unknown === undefined ? [] : [unknown])].join('/');
  return refuse(at, unknown === undefined ? issue.message : unknownField(unknown));
};

/** What a state must know of the machine around it. */
interface Whole {
  readonly isJsonata: boolean;
  readonly variables: ReadonlySet<string>;
  /** The variables of the scopes around. */
  readonly outer: ReadonlySet<string>;
}

const parseState = (value: unknown, path: string, whole: Whole): State => {
  if (!isFields(value)) return refuse(path, 'a state must be an object');
  const { Type: type, QueryLanguage: language } = value;
  if (typeof type !== 'string' || !Object.hasOwn(stateSchemas, type)) {
    return refuse(
      `${path}/Type`,
      `unknown state type ${JSON.stringify(type)}, expected ${Object.keys(stateSchemas).join(', ')}`,
    );
  }
  if (language !== 'JSONata' && !(language === undefined && whole.isJsonata)) {
    refuse(
      `${path}/QueryLanguage`,
      `is ${JSON.stringify(language ?? 'JSONPath')}, only "JSONata" is supported`,
    );
  }
  checkExpressions(value, path, whole.variables);
  const state = shapeOf(type as State['Type'], value, path, whole);
  checkState(state, path);
  return state;
};

const shapeOf = (type: State['Type'], value: Fields, path: string, whole: Whole): State => {
  if (type === 'Parallel') {
    const { Branches, ...rest } = parseShape(stateSchemas.Parallel, value, path);
    const branches = Branches.map((branch, index) => {
      const at = `${path}/Branches/${index}`;
      return parseContainer(parseShape(branchSchema, branch, at), at, whole);
    });
    return { ...rest, Branches: branches };
  }
  if (type === 'Map') {
    const { ItemProcessor, ...rest } = parseShape(stateSchemas.Map, value, path);
    const at = `${path}/ItemProcessor`;
    refuseDistributed(ItemProcessor, at);
    return {
      ...rest,
      ItemProcessor: parseContainer(parseShape(itemProcessorSchema, ItemProcessor, at), at, whole),
    };
  }
  return parseShape(stateSchemas[type], value, path);
};

const refuseDistributed = (processor: unknown, path: string): void => {
  const config = isFields(processor) ? processor.ProcessorConfig : undefined;
  if (!isFields(config) || config.Mode !== 'DISTRIBUTED') return;
  refuse(`${path}/ProcessorConfig/Mode`, 'a DISTRIBUTED Map is not supported, only INLINE');
};

const parseContainer = (
  shape: { readonly StartAt: string; readonly States: Fields },
  path: string,
  around: Whole,
): Container => {
  const whole = { ...around, outer: scopeOfContainer(shape.States, path, around.outer) };
  const parsed = Object.entries(shape.States).map(([name, value]): [string, State] => [
    name,
    parseState(value, `${path}/States/${name}`, whole),
  ]);
  const states = new Map(parsed);
  if (!states.has(shape.StartAt)) refuse(`${path}/StartAt`, `names no state: "${shape.StartAt}"`);
  for (const [name, state] of states) {
    for (const target of targetsOf(state)) {
      if (!states.has(target.name))
        refuse(`${path}/States/${name}/${target.field}`, `names no state: "${target.name}"`);
    }
  }
  return { startAt: shape.StartAt, states };
};

/**
 * Reads a definition and checks all of it before anything runs. Throws STATE_MACHINE_INVALID with the path of what is
 * not understood: an unknown state type, field or function, JSONPath, a Distributed Map, a transition to nowhere, an
 * expression that does not parse.
 */
export const parseDefinition = (definition: unknown): Machine => {
  if (!isFields(definition)) return refuse('', 'a state machine must be an object');
  const language = definition.QueryLanguage;
  if (language !== undefined && language !== 'JSONata') {
    refuse('/QueryLanguage', `is ${JSON.stringify(language)}, only "JSONata" is supported`);
  }
  const shape = parseShape(machineSchema, definition, '');
  const whole = {
    isJsonata: language === 'JSONata',
    variables: new Set(assignedNames(definition)),
    outer: new Set<string>(),
  };
  return { ...parseContainer(shape, '', whole), timeoutSeconds: shape.TimeoutSeconds };
};
