import { existsSync } from 'node:fs';
import path from 'node:path';
import { MillraceError } from '../wire/errors.ts';
import type { Example, ExampleContext } from './example.ts';

const examplesFolder = path.resolve(import.meta.dirname, '../../examples');

/** Loads `examples/<name>/example.ts`. Throws EXAMPLE_UNKNOWN. */
export const loadExample = async (name: string): Promise<Example> => {
  const file = path.join(examplesFolder, name, 'example.ts');
  if (!/^[a-z-]+$/.test(name) || !existsSync(file))
    throw new MillraceError('EXAMPLE_UNKNOWN', `there is no example "${name}"`, { name });
  const { example }: { readonly example: Example } = await import(file);
  return example;
};

/** Drops an example's files, waits until a version serves, and lets it show what it can do. */
export const tellExample = async (example: Example, context: ExampleContext): Promise<void> => {
  const { laptop, signal } = context;
  await example.drop(context);
  while ((await laptop.registry.getRoute(example.model)).champion === undefined)
    await laptop.clock.sleep(300, signal);
  await example.whenServing(context);
};
