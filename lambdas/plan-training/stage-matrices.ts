import path from 'node:path';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import { writeMatrix } from '../../lib/adapters/duckdb/write-matrix.ts';
import { sha256OfFile } from '../../lib/adapters/shared/sha256-of-file.ts';
import { matrixOf } from '../../lib/adapters/training/train-on-tables.ts';
import type { Target } from '../../lib/domain/dataset/index.ts';
import { type FittedFeatures, fitFeatures } from '../../lib/domain/features/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { checkTarget, type TrainingMatrix } from '../../lib/domain/training/index.ts';
import { MillraceError } from '../../lib/wire/errors.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';

/** `job/features/features.json`: what turns the trees of a job into a model again, and the matrices it belongs to. */
export interface StagedFeatures {
  readonly schemaVersion: 1;
  readonly fitted: FittedFeatures;
  readonly rows: { readonly train: number; readonly validation: number };
  /** By object key, the sha256 of each matrix that was computed with these features. */
  readonly matrices: Readonly<Record<string, string>>;
}

export const featuresKey = (model: string, runId: string): string =>
  `${objectKeys.jobFolder(model, runId, 'features')}features.json`;

/** A table and its matrix stand in memory together: about 24 bytes a cell, and the function has 8 GB. */
const maxCells = (4915 * 2 ** 20) / 24;

/** Throws TRAINING_TOO_LARGE before the memory is gone. */
export const requireRoomFor = (rows: number, columns: number): void => {
  if (rows * columns <= maxCells) return;
  throw new MillraceError(
    'TRAINING_TOO_LARGE',
    `${rows} rows of ${columns} columns do not fit into the memory of plan-training, expected at most ${Math.floor(maxCells / columns)} rows`,
    { rows, columns },
  );
};

/** XGBoost refuses an infinite number, which one too large for float32 becomes; better said now than by a job. */
const requireFinite = ({ values, featureCount, featureNames }: TrainingMatrix, part: string): void => {
  const at = values.findIndex(
    (value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY,
  );
  if (at === -1) return;
  const [row, feature] = [Math.floor(at / featureCount), featureNames[at % featureCount]];
  throw new MillraceError(
    'TRAINING_FAILED',
    `the feature "${feature}" is ${values[at]} in ${part} row ${row}, expected a number float32 can hold`,
    { row, feature },
  );
};

const labelsOf = (target: Target): ArrayLike<number> =>
  target.kind === 'classes' ? target.indices : target.values;

interface Piece {
  readonly key: string;
  readonly filePath: string;
}

/** A part as one file, or as one for each machine. */
const writePieces = async (
  part: 'train' | 'validation',
  { matrix, target }: { readonly matrix: TrainingMatrix; readonly target: Target },
  pieces: number,
  { folder, prefix }: { readonly folder: string; readonly prefix: string },
): Promise<readonly Piece[]> => {
  const written: Piece[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const filePath = path.join(folder, `${part}-${piece}.parquet`);
    const from = Math.floor((piece * matrix.rows) / pieces);
    const to = Math.floor(((piece + 1) * matrix.rows) / pieces);
    await writeMatrix(filePath, { matrix, labels: labelsOf(target), from, to }, { folder });
    written.push({ key: `${prefix}rows-${piece}.parquet`, filePath });
  }
  return written;
};

/**
 * Fits the features on the training rows, runs their graph, and stores the matrices that XGBoost reads. The features are
 * stored first, with the hashes of the matrices: done again after a crash, the step finds its own or says they differ.
 */
export const stageMatrices = async (
  run: { readonly model: string; readonly runId: string },
  {
    resolved,
    datasetFolder,
    machines,
  }: {
    readonly resolved: ResolvedSpec;
    readonly datasetFolder: string;
    readonly machines: number;
  },
  { objects }: Pick<Services, 'objects'>,
): Promise<void> => {
  const { model, runId } = run;
  const read = (part: string) => readColumnTable(path.join(datasetFolder, `${part}.parquet`), resolved);
  const [train, validation] = [await read('train'), await read('validation')];
  checkTarget(train.target);
  const fitted = fitFeatures({ ...train, resolved });
  const pieces: Piece[] = [];
  for (const [part, { table, target }] of [
    ['train', train],
    ['validation', validation],
  ] as const) {
    if (table.rows === 0) continue;
    const matrix = await matrixOf(fitted, table);
    requireFinite(matrix, part);
    const place = { folder: datasetFolder, prefix: objectKeys.jobFolder(model, runId, part) };
    pieces.push(...(await writePieces(part, { matrix, target }, part === 'train' ? machines : 1, place)));
  }
  const hashes: [string, string][] = [];
  for (const { key, filePath } of pieces) hashes.push([key, await sha256OfFile(filePath)]);
  const staged: StagedFeatures = {
    schemaVersion: 1,
    fitted,
    rows: { train: train.table.rows, validation: validation.table.rows },
    matrices: Object.fromEntries(hashes),
  };
  await putOnce(objects, featuresKey(model, runId), JSON.stringify(staged), { mustMatch: true });
  for (const { key, filePath } of pieces) await objects.putIfAbsent(key, { filePath });
};
