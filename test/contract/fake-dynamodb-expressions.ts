import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

interface Expressions {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
}

/** The text of an attribute; an absent one sorts and compares as empty. */
export const textOf = (value: AttributeValue | undefined): string => value?.S ?? '';

const nameOf = (input: Expressions, placeholder: string): string => {
  const name = input.ExpressionAttributeNames?.[placeholder];
  if (name === undefined) throw new Error(`the expression attribute name ${placeholder} is not defined`);
  return name;
};

const givenValue = (input: Expressions, placeholder: string): AttributeValue => {
  const value = input.ExpressionAttributeValues?.[placeholder];
  if (value === undefined) throw new Error(`the expression attribute value ${placeholder} is not defined`);
  return value;
};

/** Throws, as DynamoDB does, when a name or value is given that no expression uses, or when values are given empty. */
export const placeholdersUsed = (input: Expressions, expressions: readonly (string | undefined)[]): void => {
  const used = new Set(expressions.join(' ').match(/[#:]\w+/gu));
  const given = { ...input.ExpressionAttributeNames, ...input.ExpressionAttributeValues };
  const unused = Object.keys(given).filter((placeholder) => !used.has(placeholder));
  if (unused.length > 0) throw new Error(`unused in expressions: ${unused.join(', ')}`);
  const values = input.ExpressionAttributeValues;
  if (values !== undefined && Object.keys(values).length === 0)
    throw new Error('ExpressionAttributeValues must not be empty');
};

/** Whether the item, or its absence, meets the condition expression. */
export const conditionHolds = (item: Item | undefined, input: Expressions): boolean => {
  const condition = input.ConditionExpression;
  if (condition === undefined) return true;
  const absent = /^attribute_not_exists\((#\w+)\)$/u.exec(condition);
  if (absent?.[1] !== undefined) return item?.[nameOf(input, absent[1])] === undefined;
  const equal = /^(#\w+) = (:\w+)$/u.exec(condition);
  if (equal?.[1] === undefined || equal[2] === undefined) {
    throw new Error(`the fake DynamoDB was not told about the condition ${condition}`);
  }
  const stored = item?.[nameOf(input, equal[1])];
  return stored !== undefined && JSON.stringify(stored) === JSON.stringify(givenValue(input, equal[2]));
};

/** The attributes after an update of the form SET … [REMOVE …] ADD …; keys may not be updated. */
export const updated = (old: Item | undefined, input: Expressions): Item => {
  const parts = /^SET (.+?)(?: REMOVE (.+?))? ADD (#\w+) (:\w+)$/u.exec(input.UpdateExpression ?? '');
  const [, sets, removes, added, amount] = parts ?? [];
  if (sets === undefined || added === undefined || amount === undefined) {
    throw new Error(`the fake DynamoDB was not told about the update ${input.UpdateExpression}`);
  }
  const item: Item = { ...old };
  for (const assignment of sets.split(', ')) {
    const [name = '', value = ''] = assignment.split(' = ');
    if (['partition', 'sort'].includes(nameOf(input, name))) throw new Error('a key cannot be updated');
    item[nameOf(input, name)] = givenValue(input, value);
  }
  for (const name of removes?.split(', ') ?? []) delete item[nameOf(input, name)];
  const counter = nameOf(input, added);
  item[counter] = { N: `${Number(item[counter]?.N ?? 0) + Number(givenValue(input, amount).N)}` };
  return item;
};
