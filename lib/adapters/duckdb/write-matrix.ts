import { join } from 'node:path';
import { DuckDBDataChunk, DuckDBInstance, FLOAT } from '@duckdb/node-api';
import type { TrainingMatrix } from '../../domain/training/index.ts';
import { quoteText } from './sql-text.ts';

export interface MatrixFile {
  readonly matrix: TrainingMatrix;
  /** One a row of the matrix: the class's place in the list of classes, or the value. */
  readonly labels: ArrayLike<number>;
  /** Rows from and to before. */
  readonly from: number;
  readonly to: number;
}

/** The most a chunk of DuckDB holds. */
const chunkRows = 2048;

const columnsOf = ({ matrix, labels }: MatrixFile, from: number, to: number): number[][] => {
  const rows = Array.from({ length: to - from }, (_, row) => from + row);
  const cell = (feature: number) => (row: number) =>
    matrix.values[row * matrix.featureCount + feature] as number;
  return [
    rows.map((row) => labels[row] as number),
    ...Array.from({ length: matrix.featureCount }, (_, feature) => rows.map(cell(feature))),
  ];
};

/**
 * Writes rows of a matrix as Parquet: the label first, then the features, all float32; a missing value is NaN. Exact to
 * the last bit, unlike text, whose readers round differently. The same rows give the same bytes.
 */
export const writeMatrix = async (
  filePath: string,
  file: MatrixFile,
  { folder, memoryLimitMb = 2000 }: { readonly folder: string; readonly memoryLimitMb?: number },
): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${memoryLimitMb}MB`,
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const features = Array.from({ length: file.matrix.featureCount }, (_, feature) => `f${feature} FLOAT`);
    await connection.run(`CREATE TABLE matrix (label FLOAT, ${features.join(', ')})`);
    const appender = await connection.createAppender('matrix');
    const types = Array.from({ length: file.matrix.featureCount + 1 }, () => FLOAT);
    for (let from = file.from; from < file.to; from += chunkRows) {
      const to = Math.min(from + chunkRows, file.to);
      const chunk = DuckDBDataChunk.create(types, to - from);
      chunk.setColumns(columnsOf(file, from, to));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(
      `COPY matrix TO ${quoteText(filePath)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};
