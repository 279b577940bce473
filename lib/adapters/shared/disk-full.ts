import { MillraceError } from '../../wire/errors.ts';

/** The disk is full, or the user's share of it is. */
const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

export const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

export const isDiskFull = (error: unknown): boolean => fullCodes.includes(errorCode(error));

/** Runs a write to `path` and turns a full disk into STORAGE_FULL; `undo` removes what was half-written. */
export const writingTo = async <T>(
  path: string,
  write: () => Promise<T>,
  undo: () => Promise<void>,
): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    await undo();
    if (!isDiskFull(error)) throw error;
    throw new MillraceError('STORAGE_FULL', `no room left to write ${path}`, { path }, { cause: error });
  }
};
