import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingJob, TrainingProgress } from '../../ports/trainer.ts';
import { readColumnTable } from '../duckdb/read-column-table.ts';
import { writingTo } from '../shared/disk-full.ts';
import { neverStopped, type StopGuard } from './stop-switch.ts';
import { type TablePart, trainOnTables } from './train-on-tables.ts';

/** Throws STORAGE_FULL, leaving no half of a file. */
const write = (folder: string, name: string, content: string | Uint8Array): Promise<void> => {
  const file = path.join(folder, name);
  return writingTo(
    file,
    () => writeFile(file, content),
    () => rm(file, { force: true }),
  );
};

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Runs a training job where it is called, blocking the thread for as long as the model is trained: reads train.parquet and
 * validation.parquet, writes model.onnx, signature.json and training.json. The time-out is the caller's to keep; what the
 * guard throws stops it.
 */
export const trainInFolder = async (
  job: TrainingJob,
  onProgress: (progress: TrainingProgress) => void = () => {},
  guard: StopGuard = neverStopped,
): Promise<void> => {
  const { spec: resolved, seed, datasetFolder, artifactFolder } = job;
  onProgress({ phase: 'read', fraction: 0 });
  const read = (name: string): Promise<TablePart> =>
    guard.native((signal) => readColumnTable(path.join(datasetFolder, name), resolved, { signal }));
  const train = await read('train.parquet');
  const validation = await read('validation.parquet');
  onProgress({ phase: 'read', fraction: 1, message: `${train.table.rows} training rows` });
  const { onnx, signature, record } = await trainOnTables(
    { resolved, seed, train, validation },
    onProgress,
    guard,
  );
  guard.check();
  await write(artifactFolder, 'model.onnx', onnx);
  await write(artifactFolder, 'signature.json', asJson(signature));
  await write(artifactFolder, 'training.json', asJson(record));
  onProgress({ phase: 'write', fraction: 1 });
};
