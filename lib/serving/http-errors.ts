import { type ErrorCode, isMillraceError } from '../wire/errors.ts';

/** The errors callers may see, with their status. Any other is ours: 500, told without details. */
export const statusOf: Partial<Record<ErrorCode, number>> = {
  REQUEST_MALFORMED: 400,
  INPUT_INVALID: 400,
  PREDICTION_INPUT_INVALID: 400,
  MODEL_NAME_INVALID: 400,
  API_KEY_MISSING: 401,
  API_KEY_INVALID: 401,
  API_KEY_FORBIDDEN: 403,
  REQUEST_FORBIDDEN: 403,
  APPROVAL_LINK_INVALID: 403,
  MODEL_UNKNOWN: 404,
  VERSION_UNKNOWN: 404,
  RUN_UNKNOWN: 404,
  APPROVAL_UNKNOWN: 404,
  ADDRESS_UNKNOWN: 404,
  APPROVAL_DECIDED: 409,
  RECORD_CONFLICT: 409,
  APPROVAL_EXPIRED: 410,
  REQUEST_TOO_LARGE: 413,
  NOTHING_SERVING: 503,
};

/** An error as a caller may see it: never a stack trace, a path or the words of a library. */
export interface PublicError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly issues?: unknown;
}

/** Takes errors that are ours to look into. */
export type ErrorLog = (entry: { readonly reference: string; readonly error: unknown }) => void;

/** The face of an error. What callers may not see goes to the log, under a reference they can quote. */
export const publicError = (
  error: unknown,
  options: { readonly log: ErrorLog; readonly newReference: () => string },
): PublicError => {
  const status = isMillraceError(error) ? statusOf[error.name] : undefined;
  if (status !== undefined && isMillraceError(error)) {
    const { issues } = error.details;
    return { status, code: error.name, message: error.message, ...(issues === undefined ? {} : { issues }) };
  }
  const reference = options.newReference();
  options.log({ reference, error });
  return {
    status: 500,
    code: isMillraceError(error) ? error.name : 'INTERNAL',
    message: `the request failed on our side; the server's log has the reason under ${reference}`,
  };
};
