/**
 * Models exported by skl2onnx with its own defaults are adopted by the doctor and, served as we serve, answer what
 * scikit-learn answers: probabilities within 1e-6, values within 1e-6 of their size.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import { rehearseModel } from '../../lib/adapters/onnx-runtime/rehearse-model.ts';
import type { ColumnTable } from '../../lib/domain/dataset/index.ts';
import { type Adoption, adoptModel } from '../../lib/domain/doctor/index.ts';
import { askPython } from './support/ask-python.ts';
import { broughtData, type Task } from './support/brought-data.ts';
import { python } from './support/parties.ts';

const tolerance = 1e-6;

interface Story {
  readonly name: string;
  readonly task: Task;
  readonly hasGaps?: boolean;
  readonly hasCity?: boolean;
  /** Assumptions the doctor should name, and no others. */
  readonly warnings: readonly string[];
}

const stories: readonly Story[] = [
  { name: 'logistic regression', task: 'binary', warnings: ['COLUMN_ORDER_ASSUMED'] },
  { name: 'random forest', task: 'multiclass', warnings: ['COLUMN_ORDER_ASSUMED'] },
  // Its converter writes the classes as a plain constant: nothing in the file says that they are classes.
  { name: 'neural network', task: 'multiclass', warnings: ['COLUMN_ORDER_ASSUMED', 'CLASSES_ASSUMED'] },
  {
    name: 'imputer and forest over gaps',
    task: 'multiclass',
    hasGaps: true,
    warnings: ['COLUMN_ORDER_ASSUMED'],
  },
  { name: 'numbers and a city by name', task: 'binary', hasCity: true, warnings: [] },
  { name: 'ridge', task: 'regression', warnings: ['COLUMN_ORDER_ASSUMED'] },
  { name: 'boosted regression', task: 'regression', warnings: ['COLUMN_ORDER_ASSUMED'] },
];

const Brought = z.record(z.string(), z.object({ onnx: z.base64(), answers: z.array(z.number()) }));

const data = broughtData(800);

const bytesOf = (brought: z.infer<typeof Brought>, name: string): Uint8Array =>
  Uint8Array.from(Buffer.from(brought[name]?.onnx ?? '', 'base64'));

const adopted = (adoption: Adoption) => {
  expect(adoption.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (adoption.kind === 'refused') throw new Error('the doctor refused the model');
  return adoption;
};

const serve = async (bytes: Uint8Array, adoption: ReturnType<typeof adopted>, table: ColumnTable) => {
  const model = await openModel(bytes, adoption.signature);
  const predictions = await model.run(table);
  await model.release();
  return predictions.kind === 'values' ? predictions.values : predictions.probabilities;
};

describe.skipIf(python === undefined)('models exported by skl2onnx', () => {
  let brought: z.infer<typeof Brought>;

  beforeAll(() => {
    const { question, matrices } = data;
    brought = askPython({ script: 'brought_models', question, matrices, answer: Brought });
  });

  it.each(stories)('are adopted and answer as in scikit-learn: $name', async (story) => {
    const bytes = bytesOf(brought, story.name);
    const table = data.table(story);

    const adoption = adopted(adoptModel({ bytes, resolved: data.resolved(story) }));
    const rehearsed = await rehearseModel(bytes, adoption.signature, table);
    const ours = await serve(bytes, adoption, table);

    expect(adoption.findings.map(({ code }) => code)).toEqual(story.warnings);
    expect(rehearsed).toEqual([]);
    const theirs = brought[story.name]?.answers ?? [];
    expect(theirs.length).toBe(ours.length);
    const distances = theirs.map(
      (value, at) => Math.abs(value - (ours[at] ?? Number.NaN)) / Math.max(1, Math.abs(value)),
    );
    expect(Math.max(...distances)).toBeLessThan(tolerance);
  });

  it('are refused with the fix named when ZipMap is left on', () => {
    const bytes = bytesOf(brought, 'with ZipMap');

    const adoption = adoptModel({ bytes, resolved: data.resolved({ task: 'binary' }) });

    expect(adoption.kind).toBe('refused');
    const finding = adoption.findings.find(({ code }) => code === 'OUTPUT_NOT_A_TENSOR');
    expect(finding?.fix).toContain('zipmap=False');
  });
});
