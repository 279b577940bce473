import { type ErrorCode, MillraceError } from './errors.ts';
import { findJsonFault } from './json-fault.ts';

/** The text of a file as JSON. Throws `code`, naming the file and the place of its first fault. */
export const parseJsonFile = (text: string, file: string, code: ErrorCode): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    const where =
      fault === undefined
        ? ''
        : ` at line ${fault.line}, column ${fault.column}: ${fault.came} came, expected ${fault.expected}`;
    throw new MillraceError(code, `${file} is not JSON${where}`, { ...fault }, { cause });
  }
};
