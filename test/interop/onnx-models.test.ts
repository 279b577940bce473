/**
 * Every kind of model we write, with every feature transform, before the makers of ONNX: onnx.checker accepts it, and
 * onnx's reference implementation, which shares no code with ONNX Runtime, computes the same answers within 1e-6.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import { type TrainedModel, trainOnTables } from '../../lib/adapters/training/train-on-tables.ts';
import type { Column } from '../../lib/domain/dataset/index.ts';
import { askPython } from './support/ask-python.ts';
import { python } from './support/parties.ts';
import { rawTable, resolvedSpec, type Task, targetOf } from './support/raw-table.ts';

const tolerance = 1e-6;
const table = rawTable(600);

const tasks: readonly Task[] = ['binary', 'multiclass', 'regression'];
const stories = (['linear', 'boosted-trees'] as const).flatMap((trainer) =>
  tasks.flatMap((task) =>
    [false, true].map((hasTexts) => ({
      name: `${trainer} ${task}${hasTexts ? ' with texts' : ''}`,
      trainer,
      task,
      hasTexts,
    })),
  ),
);

const train = ({ trainer, task, hasTexts }: (typeof stories)[number]): Promise<TrainedModel> => {
  const target = targetOf(table, task);
  const resolved = resolvedSpec({ table, target, task, trainer, hasTexts });
  return trainOnTables(
    { resolved, seed: 7, train: { table, target }, validation: { table, target } },
    () => {},
  );
};

const ourAnswers = async ({ onnx, signature }: TrainedModel): Promise<readonly number[]> => {
  const model = await openModel(onnx, signature);
  const predictions = await model.run(table);
  await model.release();
  return Array.from(predictions.kind === 'values' ? predictions.values : predictions.probabilities);
};

/** A column as JSON: missing numbers as null, int64 as text. */
const cellsOf = ({ values }: Column): readonly unknown[] =>
  Array.from<unknown, unknown>(values, (value) => (typeof value === 'bigint' ? String(value) : value));

const Examined = z.object({
  contrib: z.array(z.string()),
  opsets: z.record(z.string(), z.number()),
  outputs: z.record(z.string(), z.array(z.number())),
});

describe.skipIf(python === undefined)('models we write are accepted by the makers of ONNX', () => {
  const models = new Map<string, TrainedModel>();
  let theirs: Readonly<Record<string, z.infer<typeof Examined>>>;

  beforeAll(async () => {
    for (const story of stories) models.set(story.name, await train(story));
    theirs = askPython({
      script: 'onnx_check',
      question: {
        models: [...models.keys()],
        columns: Object.fromEntries([...table.columns].map(([name, column]) => [name, cellsOf(column)])),
      },
      files: Object.fromEntries([...models].map(([name, { onnx }]) => [name, onnx])),
      answer: z.record(z.string(), Examined),
    });
  });

  it.each(stories)('$name', async ({ name, hasTexts }) => {
    const model = models.get(name);
    if (model === undefined) throw new Error(`no model "${name}"`);

    const examined = theirs[name];
    const ours = await ourAnswers(model);

    // The only operator outside the standard counts the characters and words of texts.
    expect(examined?.contrib).toEqual(hasTexts ? ['Tokenizer'] : []);
    if (hasTexts) return;
    const reference = examined?.outputs[model.signature.outputs.probabilities ?? 'value'] ?? [];
    expect(reference.length).toBe(ours.length);
    expect(new Set(ours).size).toBeGreaterThan(table.rows / 2);
    const distances = reference.map((value, at) => Math.abs(value - (ours[at] ?? Number.NaN)));
    expect(Math.max(...distances)).toBeLessThan(tolerance);
  });
});
