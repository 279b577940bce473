import type { Predictions, Signature } from '../../../lib/domain/signature/index.ts';
import { type Draws, draws, softmax } from './random-data.ts';

/** A model, the rows it was validated on, then windows of equal length; from `changeAtWindow` on something is different. */
export interface QualityStory {
  readonly name: string;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly windowRows: number;
  readonly windows: number;
  readonly changeAtWindow: number;
  readonly referenceRows: number;
  /** Features, then what the model says (a probability a class, of two the positive one; or a value), then the truth. */
  readonly cells: Float32Array;
  readonly features: number;
  readonly outputs: number;
}

interface Drawn {
  readonly features: readonly number[];
  readonly outputs: readonly number[];
  readonly truth: number;
}

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));

/** Too sure of itself: the truth has half the log odds. Nearer to the boundary it errs more. */
const binary = (random: Draws, isHarder: boolean): Drawn => {
  const features = [random.normal(), random.normal(), random.normal()].map((x) => (isHarder ? x / 2 : x));
  const odds = 2 * (features[0] as number) + (features[1] as number);
  return { features, outputs: [logistic(2 * odds)], truth: Number(random.next() < logistic(odds)) };
};

const multiclass = (random: Draws, isHarder: boolean): Drawn => {
  const features = [random.normal(), random.normal(), random.normal()].map((x) => (isHarder ? x / 2 : x));
  const odds = Float64Array.from(features, (x) => 1.5 * x);
  const [p = 0, q = 0] = softmax(odds, 3);
  const drawn = random.next();
  const truth = drawn < p ? 0 : drawn < p + q ? 1 : 2;
  return {
    features,
    outputs: Array.from(
      softmax(
        odds.map((one) => 2 * one),
        3,
      ),
    ),
    truth,
  };
};

/** Right on average, and further off the larger the second feature is. */
const regression = (random: Draws, isHarder: boolean): Drawn => {
  const features = [random.normal(), random.normal() + Number(isHarder), random.normal()];
  const [x = 0, y = 0] = features;
  return { features, outputs: [10 + x], truth: 10 + x + Math.exp(y / 2) * random.normal() };
};

/** The inputs stay as they were; the second feature comes to mean the opposite. */
const otherConcept = (random: Draws, isOther: boolean): Drawn => {
  const drawn = binary(random, false);
  if (!isOther) return drawn;
  const [x = 0, y = 0] = drawn.features;
  return { ...drawn, truth: Number(random.next() < logistic(2 * x - y)) };
};

const harder = 'the inputs move to where it is harder';
const told = [
  { name: `two classes, ${harder}`, task: 'binary', windowRows: 500, draw: binary },
  { name: `two classes, ${harder}`, task: 'binary', windowRows: 2000, draw: binary },
  { name: `three classes, ${harder}`, task: 'multiclass', windowRows: 500, draw: multiclass },
  { name: `a regression, ${harder}`, task: 'regression', windowRows: 500, draw: regression },
  { name: 'two classes, the concept changes', task: 'binary', windowRows: 500, draw: otherConcept },
] as const;

export const qualityStories = (): readonly QualityStory[] =>
  told.map(({ draw, ...story }, index) => {
    const random = draws(7100 + index);
    const [windows, changeAtWindow] = [20, 10];
    const referenceRows = 20 * story.windowRows;
    const rows = referenceRows + windows * story.windowRows;
    const changeFrom = referenceRows + changeAtWindow * story.windowRows;
    const drawn = Array.from({ length: rows }, (_, row) => draw(random, row >= changeFrom));
    return {
      ...{ ...story, windows, changeAtWindow, referenceRows },
      cells: Float32Array.from(
        drawn.flatMap(({ features, outputs, truth }) => [...features, ...outputs, truth]),
      ),
      features: drawn[0]?.features.length ?? 0,
      outputs: drawn[0]?.outputs.length ?? 0,
    };
  });

export const classesOf = ({ task }: QualityStory): readonly string[] =>
  task === 'binary' ? ['no', 'yes'] : task === 'multiclass' ? ['red', 'green', 'blue'] : [];

/** One row taken apart. */
export const rowOf = ({ cells, features, outputs }: QualityStory, row: number) => {
  const start = row * (features + outputs + 1);
  const said = cells.subarray(start + features, start + features + outputs);
  return {
    features: cells.subarray(start, start + features),
    said: Array.from(said),
    truth: cells[start + features + outputs] as number,
    label: outputs > 1 ? said.indexOf(Math.max(...said)) : Number((said[0] as number) >= 0.5),
  };
};

export const signatureOf = (story: QualityStory): Signature => {
  const classes = classesOf(story);
  return {
    schemaVersion: 1,
    task: story.task,
    target: 'truth',
    columns: Array.from({ length: story.features }, (_, index) => ({
      ...{ name: `x${index + 1}`, kind: 'number', isNullable: false },
    })),
    inputs: [],
    outputs: {},
    ...(classes.length > 0 && { classes }),
    ...(story.task === 'binary' && { positiveClass: 'yes', threshold: 0.5 }),
  };
};

export const predictionsOf = (story: QualityStory): Predictions => {
  const rows = Array.from({ length: story.referenceRows }, (_, row) => rowOf(story, row));
  if (story.task === 'regression')
    return { kind: 'values', values: Float64Array.from(rows, ({ said }) => said[0] as number) };
  const bySaid = ({ said: [p = 0, ...others] }: (typeof rows)[number]) =>
    others.length > 0 ? [p, ...others] : [1 - p, p];
  return {
    kind: 'classes',
    probabilities: Float64Array.from(rows.flatMap(bySaid)),
    labels: Int32Array.from(rows, ({ label }) => label),
  };
};
