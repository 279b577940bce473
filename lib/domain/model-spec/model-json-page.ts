import * as z from 'zod';
import { ModelSpec } from './spec.ts';

/** The JSON Schema of `model.json` that editors read: `docs/model.schema.json`. */
export const modelJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(ModelSpec, { io: 'input', target: 'draft-7' }),
  title: 'model.json',
});

type Node = { readonly [name: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

const limits = (node: Node): string => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = node;
  // 2⁵³ − 1 is what "an integer" means, not a limit anyone set.
  const isReal = (limit: unknown) => typeof limit === 'number' && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return [
    ...(isReal(minimum) ? [`≥ ${minimum}`] : []),
    ...(isReal(exclusiveMinimum) ? [`> ${exclusiveMinimum}`] : []),
    ...(isReal(maximum) ? [`≤ ${maximum}`] : []),
    ...(isReal(exclusiveMaximum) ? [`< ${exclusiveMaximum}`] : []),
  ].join(', ');
};

const typeOf = (node: Node): string => {
  if ('const' in node) return `\`${JSON.stringify(node.const)}\``;
  if (Array.isArray(node.enum)) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const choices = [...nodes(node.anyOf), ...nodes(node.oneOf)];
  if (choices.length > 0) return [...new Set(choices.map((choice) => String(choice.type)))].join(' or ');
  if (node.type === 'array') return isNode(node.items) ? `list of ${typeOf(node.items)}` : 'list';
  return `${node.type}${limits(node) === '' ? '' : ` ${limits(node)}`}`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const row = (path: string, node: Node, isRequired: boolean): string => {
  const fallback = 'default' in node ? `\`${JSON.stringify(node.default)}\`` : isRequired ? '(required)' : '';
  const description = typeof node.description === 'string' ? node.description : '';
  return `| \`${path}\` | ${cell(typeOf(node))} | ${cell(fallback)} | ${cell(description)} |`;
};

/** A row for the node and for everything below it that has a name; the defaults of a group are those of its rows. */
const rowsOf = (path: string, node: Node, isRequired: boolean): readonly string[] => {
  const choices = [...nodes(node.anyOf), ...nodes(node.oneOf)].filter((choice) => isNode(choice.properties));
  const below = (at: string, group: Node): readonly string[] => {
    const required: unknown[] = Array.isArray(group.required) ? group.required : [];
    return Object.entries(isNode(group.properties) ? group.properties : {}).flatMap(([name, child]) =>
      isNode(child) ? rowsOf(at === '' ? name : `${at}.${name}`, child, required.includes(name)) : [],
    );
  };
  if (isNode(node.properties)) {
    const { default: _, ...group } = node;
    return [
      ...(path === '' || node.description === undefined ? [] : [row(path, group, isRequired)]),
      ...below(path, node),
    ];
  }
  const own = row(path, node, isRequired);
  if (choices.length > 0)
    return [own, ...choices.flatMap((choice) => below(variantPath(path, choice), choice))];
  if (isNode(node.items) && nodes(node.items.oneOf).length > 0)
    return [own, ...nodes(node.items.oneOf).flatMap((choice) => transformRow(`${path}[]`, choice))];
  if (isNode(node.items) && isNode(node.items.properties)) return [own, ...below(`${path}[]`, node.items)];
  if (isNode(node.additionalProperties) && isNode(node.additionalProperties.properties))
    return [own, ...below(`${path}.<column>`, node.additionalProperties)];
  return [own];
};

const kindOf = (choice: Node): string | undefined => {
  const kind =
    isNode(choice.properties) && isNode(choice.properties.kind) ? choice.properties.kind.const : undefined;
  return typeof kind === 'string' ? kind : undefined;
};

const variantPath = (path: string, choice: Node): string => {
  const kind = kindOf(choice);
  return kind === undefined ? path : `${path}(${kind})`;
};

/** A feature transform is one row: its names are the fields, its transform the choice. */
const transformRow = (path: string, choice: Node): readonly string[] => {
  const properties = isNode(choice.properties) ? choice.properties : {};
  const transform = isNode(properties.transform) ? typeOf(properties.transform) : '';
  const fields = Object.keys(properties).filter((name) => name !== 'name' && name !== 'transform');
  const description =
    typeof choice.description === 'string' ? choice.description : 'limits a number to min and max';
  return [
    `| \`${path}\` | ${transform} |  | ${cell(`${description}; fields: name, ${fields.join(', ')}`)} |`,
  ];
};

/** The table of `docs/model-json.md`: every field, what it takes, its default, and why. */
export const modelJsonPage = (): string =>
  [
    '| field | takes | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rowsOf('', modelJsonSchema(), false),
  ].join('\n');
