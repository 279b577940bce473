import * as z from 'zod';

/** Lower-case letters, digits and single hyphens, 1–63 characters, starting with a letter: safe in keys, URLs and ARNs. */
export const ModelName = z
  .string()
  .max(63)
  .regex(/^[a-z](?:-?[a-z0-9])*$/, 'lower-case letters, digits and single hyphens, starting with a letter');
