import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import {
  type PreparedDataset,
  prepareDataset,
  type SourceFile,
} from '../../../lib/adapters/duckdb/prepare-dataset.ts';
import { quoteText } from '../../../lib/adapters/duckdb/sql-text.ts';
import { sourceFormatOf } from '../../../lib/domain/dataset/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.ts';

type SpecInput = Parameters<typeof ModelSpec.parse>[0] & object;

/** A file to drop: its name, its content as text or bytes, and whether an earlier batch brought it. */
export type Drop = readonly [name: string, content: string | Uint8Array, age?: 'earlier'];

export interface Prepared extends PreparedDataset {
  readonly folder: string;
  /** Rows of one of the files written. */
  readonly rowsOf: (name: string, select?: string) => Promise<readonly Record<string, unknown>[]>;
}

export const defaultNow = '2026-01-05T09:00:00.000Z';

/** Small tables are wanted here; everything else as a user gets it. */
export const specOf = (spec: SpecInput): ModelSpec =>
  ModelSpec.parse({ name: 'houses', task: 'binary', target: 'sold', ...spec });

export const sourceOf = (folder: string, [name, content, age]: Drop): SourceFile => {
  const filePath = join(folder, name);
  writeFileSync(filePath, content);
  const sha256 = createHash('sha256').update(readFileSync(filePath)).digest('hex');
  const format = sourceFormatOf(name) ?? 'csv';
  return { filePath, key: `incoming/houses/${name}`, sha256, format, isNew: age !== 'earlier' };
};

/** Reads a Parquet file as plain rows. */
export const rowsIn = async (
  folder: string,
  name: string,
  select = '*',
): Promise<readonly Record<string, unknown>[]> => {
  const database = await openDuckDb({ folder: join(folder, '.read'), folders: [folder], threads: 1 });
  try {
    return await database.rows(`SELECT ${select} FROM read_parquet(${quoteText(join(folder, name))})`);
  } finally {
    database.close();
  }
};

/** A folder of its own for every preparation of a test file; `remove` in `afterAll`. */
export const preparing = () => {
  const root: TemporaryFolder = temporaryFolder();
  let count = 0;
  const prepare = async (
    spec: SpecInput,
    drops: readonly Drop[],
    more: Partial<Parameters<typeof prepareDataset>[0]> = {},
  ): Promise<Prepared> => {
    count += 1;
    const inputs = join(root.path, `in-${count}`);
    const outputFolder = join(root.path, `out-${count}`);
    mkdirSync(inputs);
    mkdirSync(outputFolder);
    const sources = drops.map((drop) => sourceOf(inputs, drop));
    const prepared = await prepareDataset({
      spec: specOf(spec),
      sources,
      outputFolder,
      now: defaultNow,
      threads: 2,
      ...more,
    });
    return {
      ...prepared,
      folder: outputFolder,
      rowsOf: (name, select) => rowsIn(outputFolder, name, select),
    };
  };
  return { path: root.path, prepare, remove: () => root.remove() };
};

/** A header and rows as CSV; `row` gives the fields of row number `index`. */
export const csv = (
  header: string,
  rows: number,
  row: (index: number) => readonly (string | number)[],
): string => `${header}\n${Array.from({ length: rows }, (_, index) => row(index).join(',')).join('\n')}\n`;

/** A hundred houses, nothing wrong with any of them. */
export const houses = (rows = 100): string =>
  csv('id,area,city,sold', rows, (index) => [
    `h${index}`,
    50 + (index % 40),
    ['Bern', 'Basel', 'Biel'][index % 3] ?? '',
    index % 4 === 0 ? 'yes' : 'no',
  ]);
