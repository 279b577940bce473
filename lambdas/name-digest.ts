import { createHash } from 'node:crypto';

/** 10 hexadecimal digits: names of executions have 80 characters at most, names of models alone may have 63. */
export const nameDigest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 10);
