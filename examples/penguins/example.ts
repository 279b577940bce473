import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Example, ExampleContext } from '../../lib/laptop/example.ts';

const model = 'penguins';
const data = path.resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/penguins.json');

/** Drops model.json and the 344 penguins, unless an earlier start has; `_SUCCESS` says that nothing more will come. */
const drop = async ({ laptop }: ExampleContext): Promise<void> => {
  const [latest] = await laptop.registry.listBatches(model, { limit: 1 });
  if (latest !== undefined) return;
  await laptop.objects.putIfAbsent(
    `incoming/${model}/model.json`,
    await readFile(path.join(import.meta.dirname, 'model.json')),
  );
  await laptop.objects.putIfAbsent(`incoming/${model}/penguins.json`, { filePath: data });
  await laptop.objects.putIfAbsent(`incoming/${model}/_SUCCESS`, '');
};

const whenServing = async ({ say, url }: ExampleContext): Promise<void> => {
  const row = {
    Island: 'Biscoe',
    'Beak Length (mm)': 46.1,
    'Beak Depth (mm)': 13.2,
    'Flipper Length (mm)': 211,
    'Body Mass (g)': 4500,
    Sex: 'FEMALE',
  };
  say('Serving. Ask which species a penguin is:');
  say(
    `  curl -s ${url}/models/${model}/predict -H 'content-type: application/json' -d '${JSON.stringify(row)}'`,
  );
};

export const example: Example = { model, drop, whenServing };
