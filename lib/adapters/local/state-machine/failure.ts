import type { JsonValue } from '../../../wire/json.ts';

/** The payload quota of Step Functions: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const maxPayloadBytes = 256 * 1024;

/** Why a state failed, as Retry and Catch see it. An error that is not one of these is a fault of the engine. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  /** Absent only when a Fail state names none. */
  readonly error: string | undefined;
  readonly failureCause: string | undefined;

  constructor(error: string | undefined, cause?: string) {
    super(`${error ?? 'failed'}: ${cause ?? ''}`);
    this.error = error;
    this.failureCause = cause;
  }

  /** The error output: what `$states.errorOutput` holds in a catcher. */
  output(): { readonly Error?: string; readonly Cause?: string } {
    return {
      ...(this.error === undefined ? {} : { Error: this.error }),
      ...(this.failureCause === undefined ? {} : { Cause: this.failureCause }),
    };
  }
}

/** Ends an execution that ran longer than the machine's TimeoutSeconds; no state can catch it. */
export class MachineTimedOut extends Error {
  override readonly name = 'MachineTimedOut';
}

const inState = (state: string, what: string): string =>
  `An error occurred while executing the state '${state}'. ${what}`;

export const queryFailure = (state: string, what: string): StateFailure =>
  new StateFailure('States.QueryEvaluationError', inState(state, what));

/** Gives the value back, or fails the state when its JSON text is over 256 KiB. */
export const withinDataLimit = <T extends JsonValue>(value: T, state: string, what: string): T => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= maxPayloadBytes) return value;
  throw new StateFailure(
    'States.DataLimitExceeded',
    inState(state, `The ${what} has ${bytes} bytes, more than the ${maxPayloadBytes} a state may pass on.`),
  );
};
