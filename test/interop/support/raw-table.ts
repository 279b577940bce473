import type { Column, ColumnTable, Target } from '../../../lib/domain/dataset/index.ts';
import { ModelSpec, type ResolvedSpec } from '../../../lib/domain/model-spec/index.ts';
import { type Draws, draws } from './random-data.ts';

const cities = ['Bergen', 'Köln', 'Łódź', '東京', 'São Paulo', ''];
const words = ['late', 'on time', 'very — very late', '', '  spaced  out ', 'naïve 👍🏽'];

const pick = <Item>(items: readonly Item[], random: Draws): Item =>
  items[random.integer(items.length)] as Item;

const numbers = (rows: number, random: Draws, missing: number): Column => ({
  kind: 'number',
  values: Float64Array.from({ length: rows }, () =>
    random.next() < missing ? Number.NaN : 50 * random.normal() + 20,
  ),
});

/** A column of every kind, with missing cells in each, as a data file would give them. */
export const rawTable = (rows: number): ColumnTable => {
  const random = draws(41);
  const each = <Value>(make: () => Value): Value[] => Array.from({ length: rows }, make);
  const start = Date.UTC(1999, 11, 20);
  return {
    rows,
    columns: new Map<string, Column>([
      ['amount', numbers(rows, random, 0.1)],
      ['Größe (cm)', numbers(rows, random, 0)],
      ['isMember', { kind: 'boolean', values: Float64Array.from(each(() => random.integer(2))) }],
      [
        'bookedAt',
        {
          kind: 'datetime',
          values: BigInt64Array.from(each(() => BigInt(start + random.integer(400 * 86_400) * 1000))),
        },
      ],
      ['city', { kind: 'category', values: each(() => pick(cities, random)) }],
      ['shop', { kind: 'category', values: each(() => `shop ${random.integer(90)}`) }],
      ['note', { kind: 'text', values: each(() => pick(words, random)) }],
    ]),
  };
};

/** What there is to learn: the amount, the city and whether somebody is a member decide, with noise. */
const scoresOf = ({ rows, columns }: ColumnTable): number[] => {
  const random = draws(42);
  const amount = columns.get('amount');
  const city = columns.get('city');
  return Array.from({ length: rows }, (_, row) => {
    const value = amount?.kind === 'number' ? (amount.values[row] ?? 0) : 0;
    const place = city?.kind === 'category' ? cities.indexOf(city.values[row] ?? '') : 0;
    return (Number.isNaN(value) ? 1 : value / 50) + place / 3 + random.normal() / 2;
  });
};

export type Task = ModelSpec['task'];

export const targetOf = (table: ColumnTable, task: Task): Target => {
  const scores = scoresOf(table);
  if (task === 'regression') return { kind: 'values', values: Float64Array.from(scores) };
  const classes = task === 'binary' ? ['nein', 'ja'] : ['few', 'mehrere', 'тьма'];
  const indices = scores.map((score) => (score < 0.5 ? 0 : score < 1.5 ? 1 : classes.length - 1));
  return { kind: 'classes', classes, indices: Int32Array.from(indices) };
};

const transforms = [
  { name: 'logAmount', transform: 'log', column: 'amount' },
  { name: 'perSize', transform: 'ratio', numerator: 'amount', denominator: 'Größe (cm)' },
  { name: 'clipped', transform: 'clip', column: 'amount', min: 0, max: 60 },
  { name: 'band', transform: 'bucket', column: 'amount', edges: [0, 20, 40] },
  ...(['year', 'month', 'dayOfMonth', 'dayOfWeek', 'dayOfYear', 'hour', 'minuteOfDay'] as const).map(
    (transform) => ({ name: `booked ${transform}`, transform, column: 'bookedAt' }),
  ),
];

/** A spec over the table that uses every feature transform; texts only where asked, as they need contributed operators. */
export const resolvedSpec = (options: {
  readonly table: ColumnTable;
  readonly target: Target;
  readonly task: Task;
  readonly trainer: 'linear' | 'boosted-trees';
  readonly hasTexts: boolean;
}): ResolvedSpec => {
  const { table, target, task, trainer, hasTexts } = options;
  const classes = target.kind === 'classes' ? target.classes : undefined;
  return {
    spec: ModelSpec.parse({
      name: 'outside',
      task,
      target: 'y',
      trainer: trainer === 'linear' ? { kind: trainer } : { kind: trainer, rounds: 25 },
      features: transforms,
    }),
    columns: [...table.columns].map(([name, { kind }]) => ({
      name,
      kind,
      role: kind === 'text' && !hasTexts ? 'ignored' : 'feature',
      because: 'the test says so',
    })),
    targetName: 'y',
    ...(classes !== undefined && { classes }),
    ...(task === 'binary' && { positiveClass: 'ja' }),
  };
};
