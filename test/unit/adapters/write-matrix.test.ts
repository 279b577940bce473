import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { writeMatrix } from '../../../lib/adapters/duckdb/write-matrix.ts';
import { sha256OfFile } from '../../../lib/adapters/shared/sha256-of-file.ts';
import { temporaryFolder } from '../../support/index.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const matrixOf = (values: readonly number[], featureCount: number) => ({
  rows: values.length / featureCount,
  featureCount,
  values: Float32Array.from(values),
  featureNames: [],
});

const write = async (name: string, file: Parameters<typeof writeMatrix>[1]): Promise<string> => {
  const filePath = path.join(folder.path, name);
  await writeMatrix(filePath, file, { folder: folder.path });
  return filePath;
};

const read = async (filePath: string) => {
  const database = await openDuckDb({ folder: folder.path });
  try {
    return await database.rows(`SELECT * FROM '${filePath}'`);
  } finally {
    database.close();
  }
};

describe('a matrix as XGBoost reads it', () => {
  it('has the label first, then the features, each the float32 it was', async () => {
    const odd = [0.1, 16_777_217, 1e-45, -0, 3.4028234663852886e38, Number.NEGATIVE_INFINITY].map(
      Math.fround,
    );
    const rows = await read(
      await write('odd.parquet', { matrix: matrixOf(odd, 2), labels: [2, 0, 1], from: 0, to: 3 }),
    );

    expect(rows.map(({ label }) => label)).toEqual([2, 0, 1]);
    expect(rows.map(({ f0 }) => f0)).toEqual([odd[0], odd[2], odd[4]]);
    expect(rows.map(({ f1 }) => f1)).toEqual([odd[1], -0, '-Infinity']);
  });

  it('keeps a missing value as NaN', async () => {
    const file = await write('gap.parquet', {
      matrix: matrixOf([Number.NaN, 1], 1),
      labels: [0, 1],
      from: 0,
      to: 2,
    });

    expect((await read(file)).map(({ f0 }) => f0)).toEqual(['NaN', 1]);
  });

  it('is dealt out in pieces that together are the whole, in order, over the edges of chunks', async () => {
    const matrix = matrixOf(
      Array.from({ length: 5000 }, (_, row) => row),
      1,
    );
    const labels = Float64Array.from(matrix.values, (value) => -value);
    const cuts = [0, 1700, 4100, 5000];

    const pieces = [];
    for (const [at, from] of cuts.slice(0, -1).entries())
      pieces.push(
        ...(await read(await write(`piece-${at}.parquet`, { matrix, labels, from, to: cuts[at + 1] ?? 0 }))),
      );

    expect(pieces.map(({ f0 }) => f0)).toEqual(Array.from(matrix.values));
    expect(pieces.map(({ label }) => label)).toEqual(Array.from(labels));
  });

  it('gives the same bytes for the same rows', async () => {
    const file = { matrix: matrixOf([1, 2, 3, Number.NaN], 2), labels: [0, 1], from: 0, to: 2 };

    expect(await sha256OfFile(await write('one.parquet', file))).toBe(
      await sha256OfFile(await write('two.parquet', file)),
    );
  });
});
