import { MillraceError } from '../../../wire/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Refuses a definition at a path such as /States/Train/Retry/0. */
export const refuse = (path: string, what: string): never => {
  throw new MillraceError('STATE_MACHINE_INVALID', `${path || '/'}: ${what}`, { path: path || '/' });
};
