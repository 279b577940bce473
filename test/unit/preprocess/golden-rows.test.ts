import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { conformRows } from '../../../lib/adapters/duckdb/conform-rows.ts';
import { readColumnTable } from '../../../lib/adapters/duckdb/read-column-table.ts';
import { sampleRows } from '../../../lib/adapters/duckdb/sample-rows.ts';
import { sha256OfFile } from '../../../lib/adapters/shared/sha256-of-file.ts';
import { csv, preparing, rowsIn, sourceOf } from './preparing.ts';

const { prepare, remove } = preparing();
afterAll(remove);

/** `age` holds whole numbers only, `zip` digits that are names, and the label is made from `delay`. */
const flight = (i: number) => [`f${i}`, i % 7 === 0 ? '' : i % 90, 1000 + (i % 4), i % 40, '2025-01-05'];
const flights = csv('id,age,zip,delay,day', 3000, flight);
const spec = {
  target: { sql: 'delay > 15', name: 'late' },
  key: ['id'],
  columns: { zip: 'category' as const },
  gates: { slices: ['zip'] },
};

it('a sample of the test rows, read back as a file, is those very rows with their truth', async () => {
  const { folder, resolved, rows } = await prepare(spec, [['flights.csv', flights]]);
  const inputPath = join(folder, 'test.parquet');
  const sampled = await sampleRows({
    inputPath,
    outputPath: join(folder, 'golden.parquet'),
    seed: 1,
    maxRows: 1e4,
  });

  const outputPath = join(folder, 'conformed.parquet');
  const sha256 = await sha256OfFile(join(folder, 'golden.parquet'));
  const source = {
    filePath: join(folder, 'golden.parquet'),
    key: 'golden',
    sha256,
    format: 'parquet' as const,
  };
  const conformed = await conformRows({ source, resolved, outputPath });

  expect(conformed).toEqual({ rows: rows.test, leftOut: 0 });
  expect(await readColumnTable(outputPath, resolved)).toEqual(await readColumnTable(inputPath, resolved));
  const late = (await rowsIn(folder, 'test.parquet')).filter((row) => row.__target === 'true').length;
  expect(sampled).toEqual({
    rows: rows.test,
    label: { false: (rows.test - late) / rows.test, true: late / rows.test },
  });
  expect(Object.keys((await rowsIn(folder, 'golden.parquet'))[0] ?? {})).toEqual([
    'id',
    'age',
    'zip',
    'delay',
  ]);
});

it('a sample hangs on its seed alone, and keeps the order of the file', async () => {
  const { folder } = await prepare(spec, [['flights.csv', flights]]);
  const draw = async (seed: number, name: string) => {
    const outputPath = join(folder, name);
    await sampleRows({ inputPath: join(folder, 'train.parquet'), outputPath, seed, maxRows: 100 });
    return (await rowsIn(folder, name, 'id')).map(({ id }) => String(id));
  };

  const [one, again, other] = [
    await draw(1, 'a.parquet'),
    await draw(1, 'b.parquet'),
    await draw(2, 'c.parquet'),
  ];

  expect(one).toHaveLength(100);
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  const train = (await rowsIn(folder, 'train.parquet', 'id')).map(({ id }) => String(id));
  expect(train.filter((id) => one.includes(id))).toEqual(one);
});

it('a person’s file is read by what the model’s columns are, and its odd rows are left out and counted', async () => {
  const { folder, resolved } = await prepare(spec, [['flights.csv', flights]]);
  const inputs = join(folder, 'golden');
  mkdirSync(inputs);
  // Nothing here says that age is a number or zip a name; one row has no delay, one an age that is none.
  const source = sourceOf(inputs, [
    'g.csv',
    'zip,delay,age,id\n1000,20,,a\n1001,3,,b\n1002,,,c\n1003,30,old,d\n',
  ]);
  const outputPath = join(inputs, 'rows.parquet');

  expect(await conformRows({ source, resolved, outputPath })).toEqual({ rows: 2, leftOut: 2 });
  const { table, target } = await readColumnTable(outputPath, resolved);
  expect(table.columns.get('zip')?.values).toEqual(['1000', '1001']);
  expect(target).toMatchObject({ indices: Int32Array.of(1, 0) });
});

it('a file without a column of the model, or without what the label is made from, is refused by name', async () => {
  const { folder, resolved } = await prepare(spec, [['flights.csv', flights]]);
  const inputs = join(folder, 'short');
  mkdirSync(inputs);
  const conform = (content: string) =>
    conformRows({
      source: sourceOf(inputs, ['g.csv', content]),
      resolved,
      outputPath: join(inputs, 'rows.parquet'),
    });

  await expect(conform('id,zip,delay\na,1000,20\n')).rejects.toMatchObject({
    name: 'COLUMN_MISSING',
    message: expect.stringContaining('incoming/houses/g.csv has no column "age"'),
  });
  await expect(conform('id,zip,age\na,1000,20\n')).rejects.toMatchObject({ name: 'EXPRESSION_INVALID' });
});

it('rows that were changed since they were frozen are not read', async () => {
  const { folder, resolved } = await prepare(spec, [['flights.csv', flights]]);
  const filePath = join(folder, 'changed.parquet');
  copyFileSync(join(folder, 'validation.parquet'), filePath);
  const source = { filePath, key: 'golden', sha256: 'a'.repeat(64), format: 'parquet' as const };

  await expect(
    conformRows({ source, resolved, outputPath: join(folder, 'out.parquet') }),
  ).rejects.toMatchObject({ name: 'OBJECT_CHANGED' });
});
