import type { JsonValue } from '../wire/json.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  /** `<machine>:<name>` locally, an ARN on AWS; opaque to callers. */
  readonly executionId: string;
  readonly machine: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly input: JsonValue;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
  readonly startedAt: string;
  readonly stoppedAt?: string;
  /** The state being executed now, where the adapter knows it. */
  readonly currentState?: string;
}

/** Durable workflows: Step Functions in the cloud, the ASL interpreter over SQLite on a laptop. */
export interface Workflow {
  /**
   * Starts an execution under a name unique within its machine. The same name with the same input again is not an
   * error and starts nothing (`started: false`), so that events may arrive twice; with another input it throws
   * EXECUTION_NAME_TAKEN. Names: 1–80 characters of letters, digits, "-" and "_".
   */
  start(request: StartRequest): Promise<{ readonly executionId: string; readonly started: boolean }>;
  /** Throws EXECUTION_NOT_FOUND. */
  describe(executionId: string): Promise<Execution>;
  /** Newest first. */
  list(filter: {
    readonly machine: string;
    readonly status?: ExecutionStatus;
    readonly limit?: number;
  }): Promise<readonly Execution[]>;
  /** Ends a running execution as ABORTED; does nothing to one that has ended. */
  stop(executionId: string, reason: string): Promise<void>;
  /** Answers a task that waits for its token. A token works once: throws TASK_TOKEN_UNKNOWN after that. */
  completeTask(token: string, output: JsonValue): Promise<void>;
  failTask(token: string, failure: { readonly error: string; readonly cause: string }): Promise<void>;
}

export interface StartRequest {
  readonly machine: string;
  readonly name: string;
  readonly input: JsonValue;
}
