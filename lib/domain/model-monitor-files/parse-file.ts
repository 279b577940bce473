import type * as z from 'zod';
import { MillraceError } from '../../wire/errors.ts';
import { findJsonFault } from '../../wire/json-fault.ts';

const parseJson = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    const where =
      fault === undefined
        ? ''
        : ` at line ${fault.line}, column ${fault.column}: ${fault.came} came, expected ${fault.expected}`;
    throw new MillraceError('BASELINE_FILE_INVALID', `${file} is not JSON${where}`, { ...fault }, { cause });
  }
};

/** Reads one file of the given shape. Throws BASELINE_FILE_INVALID with the path of what is wrong. */
export const parseFile = <T>(text: string, file: string, shape: z.ZodType<T>): T => {
  const parsed = shape.safeParse(parseJson(text.replace(/^\uFEFF/, ''), file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') || '(root)';
  throw new MillraceError('BASELINE_FILE_INVALID', `${file} at ${path}: ${issue?.message ?? 'invalid'}`, {
    file,
    path,
  });
};
