import { flightsOfWeek } from '../../../examples/flight-delay/weeks.ts';
import { classTarget, type LabelledMatrix, randomMatrix } from './labelled-matrix.ts';
import { type Draws, draws } from './random-data.ts';

/** For each value how often it occurs: a category as a number that both sides read alike. */
const frequencies = (values: readonly string[]): number[] => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.map((value) => counts.get(value) ?? 0);
};

const withMissing = (values: readonly number[], share: number, random: Draws): number[] =>
  values.map((value) => (random.next() < share ? Number.NaN : value));

/** Fisher and Yates. */
const shuffled = <Item>(items: readonly Item[], random: Draws): readonly Item[] => {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.integer(last + 1);
    const [a, b] = [order[last] as Item, order[other] as Item];
    order[last] = b;
    order[other] = a;
  }
  return order;
};

/** Will a flight be late? Real flights of one week in random order, one number in ten taken away. */
export const flightsWithMissing = async (count: number): Promise<LabelledMatrix> => {
  const random = draws(21);
  const flights = shuffled(await flightsOfWeek(8, count), random);
  const dates = flights.map(({ date }) => new Date(date));
  const columns = [
    dates.map((date) => date.getUTCHours() * 60 + date.getUTCMinutes()),
    dates.map((date) => date.getUTCDay()),
    flights.map(({ distance }) => distance),
    frequencies(flights.map(({ origin }) => origin)),
    frequencies(flights.map(({ destination }) => destination)),
  ].map((column) => withMissing(column, 0.1, random));
  const width = columns.length;
  return {
    matrix: {
      rows: flights.length,
      featureCount: width,
      values: Float32Array.from(
        { length: flights.length * width },
        (_, at) => columns[at % width]?.[Math.floor(at / width)] ?? Number.NaN,
      ),
      featureNames: ['minuteOfDay', 'dayOfWeek', 'distance', 'origin', 'destination'],
    },
    target: {
      kind: 'classes',
      classes: ['on time', 'late'],
      indices: Int32Array.from(flights, ({ delay }) => Number(delay > 15)),
    },
  };
};

/** Four classes with straight borders, which trees have to approximate. */
export const fourClasses = (rows: number): LabelledMatrix => {
  const random = draws(22);
  const matrix = randomMatrix(random, { rows, features: 8 });
  return { matrix, target: classTarget(matrix, random, { classes: 4 }) };
};

/** Friedman's first function (Multivariate adaptive regression splines, 1991): waves, squares and products. */
export const friedman = (rows: number): LabelledMatrix => {
  const random = draws(23);
  const featureNames = Array.from({ length: 10 }, (_, feature) => `x${feature}`);
  const values = Float32Array.from({ length: rows * 10 }, () => random.next());
  const truth = Float64Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = values.subarray(row * 10, row * 10 + 5);
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + random.normal();
  });
  return {
    matrix: { rows, featureCount: 10, values, featureNames },
    target: { kind: 'values', values: truth },
  };
};
