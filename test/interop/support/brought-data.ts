import type { Column, ColumnTable } from '../../../lib/domain/dataset/index.ts';
import { ModelSpec, type ResolvedColumn, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { draws } from './random-data.ts';

export type Task = ModelSpec['task'];

export interface BroughtStory {
  readonly task: Task;
  /** One number in ten is missing. */
  readonly hasGaps?: boolean;
  readonly hasCity?: boolean;
}

const names = ['age', 'income', 'distance', 'visits'];
const cities = ['Bergen', 'Köln', 'Łódź'];
const classes: Readonly<Record<Task, readonly string[]>> = {
  binary: ['ja', 'nein'],
  multiclass: ['few', 'mehrere', 'тьма'],
  regression: [],
};

const column = (name: string, kind: ResolvedColumn['kind'], role: ResolvedColumn['role'] = 'feature') => ({
  name,
  kind,
  role,
  because: 'the test says so',
});

/** One data set for all brought models: as a table for us, as matrices for scikit-learn. Numbers are float32 on both sides. */
export const broughtData = (rows: number) => {
  const random = draws(51);
  const width = names.length;
  const numbers = Float32Array.from({ length: rows * width }, (_, at) => random.normal() * 3 ** (at % width));
  const gaps = Float32Array.from({ length: rows * width }, () => Number(random.next() < 0.1));
  const city = Array.from({ length: rows }, () => cities[random.integer(cities.length)] ?? '');
  const value = Array.from({ length: rows }, (_, row) => {
    const [age = 0, income = 0, distance = 0] = numbers.subarray(row * width, (row + 1) * width);
    return age + income / 3 - distance / 9 + cities.indexOf(city[row] ?? '') + random.normal() / 2;
  });

  const table = ({ hasGaps = false, hasCity = false }: BroughtStory): ColumnTable => {
    const columns = names.map((name, index): [string, Column] => {
      const values = Float64Array.from({ length: rows }, (_, row) => {
        const at = row * width + index;
        return hasGaps && gaps[at] === 1 ? Number.NaN : (numbers[at] ?? Number.NaN);
      });
      return [name, { kind: 'number', values }];
    });
    const cityColumn: [string, Column] = ['city', { kind: 'category', values: city }];
    return { rows, columns: new Map(hasCity ? [...columns, cityColumn] : columns) };
  };

  const resolved = ({ task, hasCity = false }: BroughtStory): ResolvedSpec => ({
    spec: ModelSpec.parse({ name: 'brought', task, target: 'y' }),
    columns: [
      ...names.map((name) => column(name, 'number')),
      ...(hasCity ? [column('city', 'category')] : []),
      column('y', task === 'regression' ? 'number' : 'category', 'target'),
    ],
    targetName: 'y',
    ...(task !== 'regression' && { classes: classes[task] }),
    ...(task === 'binary' && { positiveClass: 'ja' }),
  });

  const question = {
    columns: names,
    cities: city,
    value,
    binary: value.map((score) => classes.binary[score > 1 ? 0 : 1]),
    multiclass: value.map((score) => classes.multiclass[score < 0 ? 0 : score < 2 ? 1 : 2]),
  };
  const matrices = { numbers: { rows, values: numbers }, gaps: { rows, values: gaps } };
  return { question, matrices, table, resolved };
};
