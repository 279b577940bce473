import type { Column, ColumnTable, Target } from '../../../lib/domain/dataset/index.ts';
import { type EvaluationInput, evaluate, priorsOf } from '../../../lib/domain/evaluation/index.ts';
import type { GateSettings } from '../../../lib/domain/gates/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { seededRandom } from '../../../lib/domain/random/index.ts';
import type { ReportFacts } from '../../../lib/domain/report/index.ts';
import type { Predictions } from '../../../lib/domain/signature/index.ts';

export const seeded = (seed: number): (() => number) => {
  const generator = seededRandom(seed);
  return () => generator.next();
};

export const gatesOf = (gates: object): GateSettings =>
  ModelSpec.parse({ name: 'demo', task: 'binary', target: 'y', gates }).gates;

const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const airports = ['ORD', 'ATL', 'DFW', 'LAX', 'PHX', 'DEN', 'JFK', 'SEA'];

const numbers = (table: ColumnTable, name: string): Float64Array => {
  const column = table.columns.get(name);
  if (column?.kind !== 'number') throw new Error(`no numbers in ${name}`);
  return column.values;
};
const strings = (table: ColumnTable, name: string): readonly string[] => {
  const column = table.columns.get(name);
  if (column?.kind !== 'category') throw new Error(`no categories in ${name}`);
  return column.values;
};

/** Flights: late when the hour is late and the airport is busy; `skill` blurs what the model knows of that. */
const lateness = (table: ColumnTable, row: number): number =>
  ((numbers(table, 'hour')[row] as number) - 15) * 0.16 +
  airports.indexOf(strings(table, 'origin')[row] as string) * -0.14 -
  0.85;

const predictLate = async (table: ColumnTable, skill: number): Promise<Predictions> => {
  const probabilities = new Float32Array(table.rows * 2);
  const labels = new Int32Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const p = sigmoid(lateness(table, row) * skill - (1 - skill) * 1.4);
    probabilities.set([1 - p, p], row * 2);
    labels[row] = p >= 0.5 ? 1 : 0;
  }
  return { kind: 'classes', probabilities, labels };
};

const flights = (rows: number, random: () => number): ColumnTable => {
  const of = <T>(make: () => T) => Array.from({ length: rows }, make);
  const columns: [string, Column][] = [
    ['origin', { kind: 'category', values: of(() => airports[Math.floor(random() ** 1.6 * 8)] ?? 'ORD') }],
    ['hour', { kind: 'number', values: Float64Array.from(of(() => 5 + Math.floor(random() * 19))) }],
    ['distance', { kind: 'number', values: Float64Array.from(of(() => 100 + random() * 2400)) }],
  ];
  return { rows, columns: new Map(columns) };
};

/** A binary model with a champion a little weaker than itself. */
export const flightDelay = async (rows: number, gates: object = {}): Promise<EvaluationInput> => {
  const random = seeded(11);
  const table = flights(rows, random);
  const indices = Int32Array.from({ length: rows }, (_, row) =>
    random() < sigmoid(lateness(table, row)) ? 1 : 0,
  );
  const truth: Target = { kind: 'classes', classes: ['on time', 'late'], indices };
  const blurred = await predictLate(table, 0.7);
  if (blurred.kind === 'classes')
    for (let row = 0; row < rows; row++) {
      const p = sigmoid(
        Math.log((blurred.probabilities[row * 2 + 1] as number) + 1e-9) + 0.6 * normal(random),
      );
      blurred.probabilities.set([1 - p, p], row * 2);
    }
  return {
    task: 'binary',
    positiveClass: 'late',
    truth,
    predictions: await predictLate(table, 1),
    champion: { version: 2, predictions: blurred },
    trainingPriors: priorsOf(truth),
    gates: gatesOf({ minAuc: 0.6, maxCalibrationError: 0.05, slices: ['origin', 'carrier'], ...gates }),
    table,
    importance: { predict: (permuted) => predictLate(permuted, 1), random },
    data: {
      rowsIn: rows * 7,
      rowsKept: rows * 7 - 214,
      rowsQuarantined: 214,
      trainRows: rows * 5,
      validationRows: rows,
      testRows: rows,
      from: '2001-01-01',
      to: '2001-01-21',
    },
  };
};

/** Three classes, the last of them rare and hard. */
export const penguins = (): EvaluationInput => {
  const random = seeded(5);
  const classes = ['Adelie', 'Chinstrap', 'Gentoo'];
  const rows = 52;
  const indices = Int32Array.from({ length: rows }, () => (random() < 0.45 ? 0 : random() < 0.35 ? 1 : 2));
  const probabilities = new Float32Array(rows * 3);
  const labels = new Int32Array(rows);
  indices.forEach((index, row) => {
    const scores = classes.map((_, k) => Math.exp(normal(random) + (k === index ? 2.6 : 0)));
    const total = scores.reduce((sum, score) => sum + score, 0);
    const shares = scores.map((score) => score / total);
    probabilities.set(shares, row * 3);
    labels[row] = shares.indexOf(Math.max(...shares));
  });
  const truth: Target = { kind: 'classes', classes, indices };
  return {
    task: 'multiclass',
    truth,
    predictions: { kind: 'classes', probabilities, labels },
    trainingPriors: priorsOf(truth),
    gates: gatesOf({ minAccuracy: 0.95 }),
    table: { rows, columns: new Map() },
  };
};

/** A regression whose champion could not be loaded. */
export const prices = (rows = 500): EvaluationInput => {
  const random = seeded(3);
  const truth = Float64Array.from({ length: rows }, () => 120_000 + Math.exp(11 + 0.6 * normal(random)));
  const values = truth.map((value) => value * (1 + 0.09 * normal(random)) + 2000);
  return {
    task: 'regression',
    truth: { kind: 'values', values: truth },
    predictions: { kind: 'values', values },
    champion: { version: 4, because: 'its model file could not be read' },
    trainingPriors: { kind: 'values', mean: 190_000 },
    gates: gatesOf({ minR2: 0.5 }),
    table: { rows, columns: new Map() },
  };
};

export const facts: ReportFacts = {
  model: 'flight-delay',
  version: 3,
  target: 'late',
  description: 'Will a flight arrive more than 15 minutes late? Known before departure.',
  createdAt: '2026-11-20T16:42:00.000Z',
  columns: [
    { name: 'origin', kind: 'category', role: 'feature', because: '303 of 115,000 values differ' },
    { name: 'distance', kind: 'number', role: 'feature', because: 'all values are numbers' },
    { name: 'date', kind: 'datetime', role: 'source', because: 'read by the feature "hour"' },
    { name: 'delay', kind: 'number', role: 'labelSource', because: 'the label expression reads it' },
    { name: 'flight', kind: 'text', role: 'ignored', because: '114,870 of 115,000 values differ' },
  ],
  quarantine: [
    { reason: 'distance: 0 is below the minimum 1', rows: 190 },
    { reason: 'repeats an earlier key', rows: 24 },
  ],
  training: {
    metric: 'log loss',
    bestRound: 130,
    points: Array.from({ length: 15 }, (_, at) => ({
      round: at * 10 + 1,
      train: 0.4 + 0.12 * Math.exp(-at / 4) - at * 0.002,
      validation: 0.43 + 0.09 * Math.exp(-at / 4) + at ** 2 * 0.0001,
    })),
  },
  lineage: {
    run: 'run-20261120-1642',
    dataset: '9f2c51d0b1c0f7d0e1c5a4b39f2c51d0b1c0f7d0e1c5a4b39f2c51d0b1c0f7d0',
    model: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    code: '0.1.0',
    seed: '7',
  },
};

/** The three stories, evaluated. */
export const demoEvaluations = async () => ({
  flights: await evaluate(await flightDelay(4000)),
  penguins: await evaluate(penguins()),
  prices: await evaluate(prices()),
});
