/** Quality without labels and with them: the same windows through NannyML's CBPE, DLE and performance calculator, and ours. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildBaseline } from '../../lib/domain/baseline/index.ts';
import {
  isKnown,
  judgeEstimate,
  judgeRealisedErrors,
  judgeRealisedQuality,
  measureErrors,
  qualityCounter,
  type Unknown,
} from '../../lib/domain/quality/index.ts';
import { askPython } from './support/ask-python.ts';
import { monitors } from './support/parties.ts';
import {
  classesOf,
  predictionsOf,
  type QualityStory,
  qualityStories,
  rowOf,
  signatureOf,
} from './support/quality-stories.ts';
import { draws } from './support/random-data.ts';

const Chunks = z.object({ values: z.array(z.number()), alerts: z.array(z.boolean()) });
const Answer = z.object({
  stories: z.array(z.object({ estimated: z.record(z.string(), Chunks), realised: Chunks })),
  z: z.array(z.number().nullable()),
});

const known = <T extends object | number>(value: T | Unknown): T => {
  if (!isKnown(value)) throw new Error(JSON.stringify(value));
  return value as T;
};

const baselineOf = (story: QualityStory) => {
  const rows = Array.from({ length: story.referenceRows }, (_, row) => rowOf(story, row));
  const classes = classesOf(story);
  return buildBaseline({
    model: 'story',
    datasetVersion: 'd1',
    table: {
      rows: rows.length,
      columns: new Map(
        Array.from({ length: story.features }, (_, index) => [
          `x${index + 1}`,
          { kind: 'number', values: Float64Array.from(rows, ({ features }) => features[index] as number) },
        ]),
      ),
    },
    predictions: predictionsOf(story),
    target:
      classes.length > 0
        ? { kind: 'classes', classes, indices: Int32Array.from(rows, ({ truth }) => truth) }
        : { kind: 'values', values: Float64Array.from(rows, ({ truth }) => truth) },
    signature: signatureOf(story),
    sensitiveColumns: [],
  });
};

/** What is captured of an answer. */
const outputOf = (story: QualityStory, { said, label }: ReturnType<typeof rowOf>) => {
  const classes = classesOf(story);
  if (classes.length === 0) return { value: said[0] };
  return {
    label: classes[label],
    ...(said.length > 1
      ? { probabilities: Object.fromEntries(classes.map((name, index) => [name, said[index]])) }
      : { probability: said[0] }),
  };
};

const judgeStory = (story: QualityStory) => {
  const baseline = baselineOf(story);
  const { quality } = baseline;
  if (quality === undefined) throw new Error('no quality');
  return Array.from({ length: story.windows }, (_, window) => {
    const from = story.referenceRows + window * story.windowRows;
    const rows = Array.from({ length: story.windowRows }, (_, row) => rowOf(story, from + row));
    const counter = qualityCounter({ quality, columns: baseline.columns });
    for (const row of rows)
      counter.add({ output: outputOf(story, row), cellOf: (index) => row.features[index] });
    const estimate = known(counter.estimate(counter.counts()));
    const judged = judgeEstimate(quality, estimate, rows.length);
    const errors = rows.filter(({ label, truth }) => label !== truth).length;
    const realised =
      quality.kind === 'classes'
        ? judgeRealisedQuality(quality.realised, { rows: rows.length, errors })
        : judgeRealisedErrors(
            quality.realised,
            measureErrors(
              Float64Array.from(rows, ({ truth }) => truth),
              Float64Array.from(rows, ({ said }) => said[0] as number),
            ),
          );
    return {
      estimate,
      isEstimatedWorse: known(judged.judgement).score >= 1,
      isRealisedWorse: known(realised).score >= 1,
    };
  });
};

const accuracyAlone = { accuracy: 'value' } as const;
/** Theirs by ours. */
const binaryMeasures = {
  ...accuracyAlone,
  ...{ precision: 'precision', recall: 'recall', f1: 'f1', roc_auc: 'auc' },
} as const;

/** Pairs of error counts, the window first. */
const zCases = Array.from({ length: 40 }, (_, index) => {
  const random = draws(900 + index);
  const rows = [200 + random.integer(2000), 1000 + random.integer(20_000)] as const;
  const share = 0.05 + 0.4 * random.next();
  // Less than three deviations in a small window, so that chance is the stricter limit.
  const errors = [Math.ceil(rows[0] * share * 1.02 + 8), Math.floor(rows[1] * share)] as const;
  return { rows, errors };
});

describe.skipIf(monitors === undefined)(
  'quality, as NannyML tells it and as we do',
  { timeout: 120_000 },
  () => {
    const stories = qualityStories();
    const ours = stories.map(judgeStory);
    let theirs: z.infer<typeof Answer>;

    beforeAll(() => {
      theirs = askPython({
        program: monitors,
        timeoutSeconds: 120,
        script: 'monitor_quality',
        question: {
          stories: stories.map((story, index) => ({
            ...{
              task: story.task,
              features: story.features,
              outputs: story.outputs,
              classes: classesOf(story),
            },
            ...{
              windowRows: story.windowRows,
              referenceRows: story.referenceRows,
              matrix: `quality-${index}`,
            },
          })),
          z: zCases,
        },
        matrices: Object.fromEntries(
          stories.map(({ cells, features, outputs }, index) => [
            `quality-${index}`,
            { rows: cells.length / (features + outputs + 1), values: cells },
          ]),
        ),
        answer: Answer,
      });
    }, 130_000);

    const classStories = stories.flatMap((story, at) =>
      story.task === 'regression' ? [] : [{ ...story, at }],
    );

    it.each(classStories)('estimates the same to 1e-5: $name, windows of $windowRows', ({ at, task }) => {
      const measures = task === 'binary' ? binaryMeasures : accuracyAlone;
      for (const [theirName, ourName] of Object.entries(measures)) {
        const estimates = theirs.stories[at]?.estimated[theirName]?.values ?? [];
        expect(estimates.length).toBe(20);
        estimates.forEach((estimate, window) => {
          const own = ours[at]?.[window]?.estimate[ourName] ?? { unknown: 'nothing counted' };
          expect(Math.abs(known(own) - estimate), `${theirName}, window ${window}`).toBeLessThan(1e-5);
        });
      }
    });

    it('estimates errors of numbers from its bins as LightGBM does from the values, where rows stay where they were', () => {
      const at = stories.findIndex(({ task }) => task === 'regression');
      const meanOf = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      const own = (ours[at] ?? []).map(({ estimate }) => known(estimate.value));
      const other = theirs.stories[at]?.estimated.mae?.values ?? [];
      const truth = theirs.stories[at]?.realised.values ?? [];
      const ratios = (from: number, to: number) =>
        [own, other].map((values) => meanOf(values.slice(from, to)) / meanOf(truth.slice(from, to)));
      console.log(
        'estimated over realised mean absolute error: ours, NannyML',
        ratios(0, 10),
        ratios(10, 20),
      );

      for (const ratio of ratios(0, 10)) expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
      // Half of the rows now lie where the reference had a sixth: bins end at its outer deciles, so that ours says too little.
      for (const ratio of ratios(10, 20)) expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
    });

    const flagged = (flags: readonly boolean[], from: number, to: number) =>
      `${flags.slice(from, to).filter(Boolean).length} of ${to - from}`;

    /** One line of the table in docs/benchmarks.md. */
    const lineOf = (at: number): string => {
      const { name, windowRows, windows, changeAtWindow, task } = stories[at] as QualityStory;
      const own = ours[at] ?? [];
      const peer = theirs.stories[at];
      const cells = [
        peer?.estimated[task === 'regression' ? 'mae' : 'accuracy']?.alerts ?? [],
        own.map(({ isEstimatedWorse }) => isEstimatedWorse),
        peer?.realised.alerts ?? [],
        own.map(({ isRealisedWorse }) => isRealisedWorse),
      ].map((flags) => `${flagged(flags, 0, changeAtWindow)}, ${flagged(flags, changeAtWindow, windows)}`);
      return `| ${[name, windowRows.toLocaleString('en'), ...cells].join(' | ')} |`;
    };

    it('rings in no window of ours before the change and in all after it, by labels alone where the concept changed', () => {
      stories.forEach(({ changeAtWindow, name }, at) => {
        const isSeenWithoutLabels = !name.includes('concept');
        (ours[at] ?? []).forEach(({ isEstimatedWorse, isRealisedWorse }, window) => {
          const isChanged = window >= changeAtWindow;
          expect(isRealisedWorse, `${name}, window ${window}`).toBe(isChanged);
          expect(isEstimatedWorse, `${name}, window ${window}`).toBe(isChanged && isSeenWithoutLabels);
        });
      });
    });

    it('prints what each of them found, as docs/benchmarks.md has it', () => {
      const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');
      const lines = stories.map((_, at) => lineOf(at));
      console.log(lines.join('\n'));

      for (const line of lines) expect(page.includes(line), line).toBe(true);
    });

    it("takes the z of statsmodels' proportions_ztest for three deviations", () => {
      zCases.forEach(({ rows, errors }, index) => {
        const [window, reference] = rows.map((count, at) => ({ rows: count, errors: errors[at] as number }));
        if (window === undefined || reference === undefined) throw new Error('no pair');
        const { score } = known(judgeRealisedQuality(reference, window));
        const rise = window.errors / window.rows - reference.errors / reference.rows;
        const least = Math.min((theirs.z[index] ?? Number.NaN) / 3, rise / 0.02);
        expect(Math.abs(score - least), `${window.errors} of ${window.rows}`).toBeLessThan(1e-12);
      });
    });
  },
);
