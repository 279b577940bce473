import { type ErrorCode, isMillraceError } from '../wire/errors.ts';

/** What the process says when it ends. Scripts may rely on these: a number never changes its meaning. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  badInput: 3,
  notFound: 4,
  conflict: 5,
  refused: 6,
  environment: 7,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const ofCode: Partial<Record<ErrorCode, ExitCode>> = {
  USAGE_WRONG: exitCodes.usage,
  OBJECT_NOT_FOUND: exitCodes.notFound,
  EXECUTION_NOT_FOUND: exitCodes.notFound,
  MODEL_UNKNOWN: exitCodes.notFound,
  VERSION_UNKNOWN: exitCodes.notFound,
  RUN_UNKNOWN: exitCodes.notFound,
  BATCH_UNKNOWN: exitCodes.notFound,
  APPROVAL_UNKNOWN: exitCodes.notFound,
  FILE_NOT_FOUND: exitCodes.notFound,
  HOME_UNKNOWN: exitCodes.notFound,
  EXAMPLE_UNKNOWN: exitCodes.notFound,
  API_KEY_UNKNOWN: exitCodes.notFound,
  STAGE_UNKNOWN: exitCodes.notFound,
  STAGE_BUSY: exitCodes.conflict,
  STAGE_PROTECTED: exitCodes.refused,
  STAGE_INCOMPLETE: exitCodes.environment,
  STAGE_NOT_EMPTIED: exitCodes.refused,
  AWS_CREDENTIALS_MISSING: exitCodes.environment,
  AWS_ACCESS_DENIED: exitCodes.environment,
  AWS_UNREACHABLE: exitCodes.environment,
  API_KEY_MISSING: exitCodes.environment,
  API_KEY_INVALID: exitCodes.environment,
  API_KEY_FORBIDDEN: exitCodes.environment,
  ENDPOINT_REFUSED: exitCodes.environment,
  ENDPOINT_FAILED: exitCodes.refused,
  SMOKE_FAILED: exitCodes.refused,
  WORKFLOW_BUSY: exitCodes.conflict,
  STORAGE_TOO_NEW: exitCodes.environment,
  RECORD_CONFLICT: exitCodes.conflict,
  OBJECT_EXISTS: exitCodes.conflict,
  EXECUTION_NAME_TAKEN: exitCodes.conflict,
  GOLDEN_SET_EXISTS: exitCodes.conflict,
  GOLDEN_SET_MISSING: exitCodes.notFound,
  NOTHING_SERVING: exitCodes.refused,
  NOTHING_TO_ROLL_BACK: exitCodes.refused,
  DATA_DRIFTED: exitCodes.refused,
  BASELINE_UNREADABLE: exitCodes.refused,
  RUN_NOT_REPRODUCED: exitCodes.refused,
  RUN_FAILED: exitCodes.refused,
  TRAINING_FAILED: exitCodes.refused,
  TRAINING_TIMED_OUT: exitCodes.refused,
  VERSION_NOT_APPROVED: exitCodes.refused,
  APPROVAL_EXPIRED: exitCodes.refused,
  APPROVAL_DECIDED: exitCodes.conflict,
  STORAGE_FULL: exitCodes.environment,
  PORT_UNAVAILABLE: exitCodes.environment,
};

/** Operating-system errors are about the machine or the paths given, not about Millrace. */
const ofSystem = (code: string): ExitCode => {
  if (code === 'ENOENT' || code === 'ENOTDIR') return exitCodes.notFound;
  return /^E[A-Z]+$/.test(code) ? exitCodes.environment : exitCodes.unexpected;
};

/** The exit code of an error. Millrace errors not named above are about what was given: bad input. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (isMillraceError(error)) return ofCode[error.name] ?? exitCodes.badInput;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return ofSystem(error.code);
  return exitCodes.unexpected;
};
