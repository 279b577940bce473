import type * as z from 'zod';
import { MillraceError } from '../../wire/errors.ts';
import { parseJsonFile } from '../../wire/parse-json-file.ts';

/** Reads one file of the given shape. Throws BASELINE_FILE_INVALID with the path of what is wrong. */
export const parseFile = <T>(text: string, file: string, shape: z.ZodType<T>): T => {
  const parsed = shape.safeParse(parseJsonFile(text.replace(/^\uFEFF/, ''), file, 'BASELINE_FILE_INVALID'));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') || '(root)';
  throw new MillraceError('BASELINE_FILE_INVALID', `${file} at ${path}: ${issue?.message ?? 'invalid'}`, {
    file,
    path,
  });
};
