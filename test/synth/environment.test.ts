import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Variable, variables } from '../../lib/wire/environment.ts';
import { functionNames } from '../../lib/wire/functions.ts';
import { variablesOf } from './policies.ts';
import { templateOf } from './synthesise.ts';

const root = path.resolve(import.meta.dirname, '../..');

// With everything that brings a variable of its own.
const template = templateOf({
  customerManagedKey: true,
  trainerImage: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/trainer:1',
});

const readIn = (text: string): Variable[] =>
  [...text.matchAll(/(?:readVariable|findVariable)\(\s*[\w.]+,\s*'(\w+)'/g)].map(
    ([, name]) => name as Variable,
  );

const calledIn = (text: string): string[] =>
  [...text.matchAll(/\b(cloud[A-Z]\w*)\(/g)].map(([, name = '']) => name);

/** The services of lambdas/cloud by name, each with its own text. */
const services = new Map(
  globSync('lambdas/cloud/*.ts', { cwd: root }).flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split(/^export const /m)
      .slice(1)
      .map((text) => [/^\w+/.exec(text)?.[0] ?? '', text.slice(text.indexOf('='))] as const),
  ),
);

/** Every variable that a text reads, itself or through the services it calls. */
const reads = (text: string): readonly Variable[] => [
  ...readIn(text),
  ...calledIn(text).flatMap((name) => reads(services.get(name) ?? '')),
];

describe('the variables of each function', () => {
  it('are read through the services of lambdas/cloud', () => {
    expect(services.size).toBeGreaterThan(8);
  });

  it.each(functionNames)('%s: those its entry reads, and no other', (name) => {
    const entry = readFileSync(path.join(root, 'lambdas', name, 'entry.ts'), 'utf8');
    const wanted = new Set(['stage' as Variable, ...reads(entry)].map((variable) => variables[variable]));
    const told = Object.keys(variablesOf(template, 'dev', name)).filter(
      (variable) => variable !== 'NODE_OPTIONS',
    );

    expect(told.toSorted()).toEqual([...wanted].toSorted());
  });
});
