/**
 * Boosted trees beside scikit-learn's HistGradientBoosting: same matrices, same parameters, no early stopping, measured on
 * rows neither has seen. The two differ in how they bin, break ties and round, so the measure may differ by the margin
 * stated with each story, in either direction: clearly better would be as suspicious as clearly worse.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  evaluateBinary,
  evaluateMulticlass,
  evaluateRegression,
  type Measured,
} from '../../lib/domain/evaluation/index.ts';
import {
  type BoostedTreesParams,
  boostedTreesMargins,
  probabilitiesOf,
  trainBoostedTrees,
} from '../../lib/domain/training/index.ts';
import { askPython } from './support/ask-python.ts';
import { type LabelledMatrix, numbersOf, rowsBetween } from './support/labelled-matrix.ts';
import { python } from './support/parties.ts';
import { flightsWithMissing, fourClasses, friedman } from './support/tree-stories.ts';

const params: BoostedTreesParams = {
  rounds: 80,
  learningRate: 0.1,
  maxLeaves: 31,
  maxDepth: 12,
  minRowsPerLeaf: 20,
  l2: 1,
  maxBins: 255,
  earlyStoppingRounds: 1000,
  rowShare: 1,
  columnShare: 1,
};

interface Story {
  readonly name: string;
  readonly make: () => LabelledMatrix | Promise<LabelledMatrix>;
  readonly trainRows: number;
  /** Largest difference allowed, by metric. */
  readonly margins: Readonly<Record<string, number>>;
}

const stories: readonly Story[] = [
  {
    name: 'late flights with missing values',
    make: () => flightsWithMissing(100_000),
    trainRows: 40_000,
    margins: { auc: 0.005, logLoss: 0.002, brier: 0.001 },
  },
  {
    name: 'four classes',
    make: () => fourClasses(12_000),
    trainRows: 8000,
    margins: { auc: 0.003, logLoss: 0.01, accuracy: 0.01 },
  },
  {
    name: 'a wavy regression',
    make: () => friedman(12_000),
    trainRows: 8000,
    margins: { rmse: 0.02, mae: 0.02, r2: 0.005 },
  },
];

const Predicted = z.array(z.array(z.number()));

/** Numbers of the task for predictions as both sides give them: [rows, classes] probabilities, or values. */
const measure = ({ target }: LabelledMatrix, predicted: Float64Array): Measured => {
  if (target.kind === 'values') return evaluateRegression({ truth: target.values, predicted });
  const { classes, indices } = target;
  if (classes.length > 2) return evaluateMulticlass({ classes, truth: indices, probabilities: predicted });
  return evaluateBinary({
    isPositive: Uint8Array.from(indices),
    probability: predicted.filter((_, at) => at % 2 === 1),
    threshold: 0.5,
  });
};

const ourPredictions = (data: LabelledMatrix, trainRows: number): Float64Array => {
  const { matrix, target } = rowsBetween(data, 0, trainRows);
  const model = trainBoostedTrees({ matrix, target, params, seed: 7 });
  const margins = boostedTreesMargins(model, rowsBetween(data, trainRows).matrix);
  return model.task === 'regression' ? margins : probabilitiesOf(model.task, margins, model.outputs);
};

describe.skipIf(python === undefined)('boosted trees are as good as those of scikit-learn', () => {
  const data = new Map<string, LabelledMatrix>();
  let theirs: z.infer<typeof Predicted>;

  beforeAll(async () => {
    for (const { name, make } of stories) data.set(name, await make());
    theirs = askPython({
      script: 'boosted_trees',
      question: {
        cases: stories.map(({ name, trainRows }) => {
          const target = data.get(name)?.target;
          return {
            ...params,
            name,
            trainRows,
            target: target && numbersOf(target),
            isRegression: target?.kind === 'values',
          };
        }),
      },
      matrices: Object.fromEntries([...data].map(([name, { matrix }]) => [name, matrix])),
      answer: Predicted,
    });
  });

  it.each(stories)('on $name', ({ name, trainRows, margins }) => {
    const story = data.get(name);
    if (story === undefined) throw new Error(`no data for ${name}`);
    const held = rowsBetween(story, trainRows);

    const ours = measure(held, ourPredictions(story, trainRows));
    const other = measure(
      held,
      Float64Array.from(theirs[stories.findIndex((each) => each.name === name)] ?? []),
    );

    for (const [metric, margin] of Object.entries(margins)) {
      const [own, their] = [ours.metrics[metric] ?? Number.NaN, other.metrics[metric] ?? Number.NaN];
      expect(Math.abs(own - their), `${metric}: ours ${own}, theirs ${their}`).toBeLessThan(margin);
    }
  });
});
