import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../lib/wire/errors.ts';

const root = path.resolve(import.meta.dirname, '../..');
const files = globSync('statemachines/*.asl.json', { cwd: root });

type State = {
  Type: string;
  Comment?: string;
  TimeoutSeconds?: unknown;
  Retry?: { ErrorEquals: string[] }[];
  Catch?: { ErrorEquals: string[] }[];
  Error?: string;
  Branches?: { States: Record<string, State> }[];
  ItemProcessor?: { States: Record<string, State> };
};

const statesOf = (states: Record<string, State>): [string, State][] =>
  Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.Branches ?? []).flatMap((branch) => statesOf(branch.States)),
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor.States) : []),
  ]);

/** Names AWS raises itself; all others must be in the catalogue. */
const isKnownError = (name: string) =>
  /^(States|Lambda|StepFunctions|SageMaker)\./.test(name) || Object.hasOwn(errorCatalogue, name);

describe.each(files)('%s', (file) => {
  const definition = JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const states = statesOf(definition.States);
  const tasks = states.filter(([, state]) => state.Type === 'Task');

  it('is accepted by asl-validator and speaks JSONata', () => {
    const { isValid, errors } = validate(definition);

    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
    expect(definition.QueryLanguage).toBe('JSONata');
  });

  it('has a comment on every state and an overall time-out', () => {
    expect(states.filter(([, state]) => !state.Comment).map(([name]) => name)).toEqual([]);
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
  });

  it('gives every Task a time-out, a retry and a catch', () => {
    const bare = tasks.filter(
      ([, { TimeoutSeconds, Retry, Catch }]) => !TimeoutSeconds || !Retry?.length || !Catch?.length,
    );

    expect(tasks.length).toBeGreaterThan(0);
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it('names only errors of the catalogue', () => {
    const names = states.flatMap(([, state]) => [
      ...[...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap((rule) => rule.ErrorEquals),
      ...(state.Error ? [state.Error] : []),
    ]);

    expect(names.filter((name) => !isKnownError(name))).toEqual([]);
  });
});
