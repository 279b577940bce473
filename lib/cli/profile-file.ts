import path from 'node:path';
import { profileDropped } from '../adapters/duckdb/profile-in-bins.ts';
import { sha256OfFile } from '../adapters/shared/sha256-of-file.ts';
import { sourceFormatOf } from '../domain/dataset/index.ts';
import { MillraceError } from '../wire/errors.ts';
import type { Surroundings } from './surroundings.ts';

/** Counts the rows of a data file of this machine in the bins of a baseline. Throws DATA_FORMAT_UNKNOWN, DATA_UNREADABLE. */
export const profileFile: Surroundings['profileFile'] = async (file, columns) => {
  const format = sourceFormatOf(file);
  if (format === undefined)
    throw new MillraceError('DATA_FORMAT_UNKNOWN', `${file} has no format that is known`, { file });
  const sha256 = await sha256OfFile(file);
  return profileDropped({ filePath: path.resolve(file), key: path.basename(file), sha256, format }, columns);
};
