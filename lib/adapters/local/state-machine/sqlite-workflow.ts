import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../ports/clock.ts';
import type { Ids } from '../../../ports/ids.ts';
import type { Execution, StartRequest, Workflow } from '../../../ports/workflow.ts';
import { MillraceError } from '../../../wire/errors.ts';
import { canonicalJson } from '../../../wire/json.ts';
import { makeBell } from './bell.ts';
import { parseDefinition } from './parse-definition.ts';
import { sqliteTokens } from './sqlite-tokens.ts';
import type { Invoke } from './visit.ts';
import { workflowEngine } from './workflow-engine.ts';
import { type HistoryEntry, workflowStore } from './workflow-store.ts';
import { makeWorkflowTables } from './workflow-tables.ts';

export interface SqliteWorkflowOptions {
  /** The file shared by every process of one home. */
  readonly database: DatabaseSync;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Definitions by machine name; each is checked at once (STATE_MACHINE_INVALID). */
  readonly machines: Readonly<Record<string, unknown>>;
  /** Performs the tasks, at least once each; `states:startExecution` is done here and does not get there. */
  readonly invoke: Invoke;
  /** Told of faults of the engine itself (a full disk); the execution goes on when it can. @default - a process warning */
  readonly onFault?: (fault: unknown, executionId: string) => void;
  /** How often to look for what other processes wrote. @default 200 */
  readonly pollMs?: number;
  /** @default - Math.random, for retry jitter and `$random()` */
  readonly random?: () => number;
  /** Tells whether the process that held the lease still runs. @default - asks the operating system */
  readonly isAlive?: (pid: number) => boolean;
}

/** The local workflow: any process may use the port's methods, one process at a time executes. */
export interface SqliteWorkflow extends Workflow {
  /** Takes the lease (WORKFLOW_BUSY when another process has it), resumes what was running, and goes on executing. */
  run(): Promise<void>;
  /** Interrupts what is under way, gives up the lease and resolves when all is quiet; a later `run` resumes. */
  shutdown(): Promise<void>;
  /** What an execution has been through, oldest first. Throws EXECUTION_NOT_FOUND. */
  history(executionId: string): Promise<readonly HistoryEntry[]>;
  /** Says that a task with a token is alive. Throws TASK_TOKEN_UNKNOWN. */
  heartbeatTask(token: string): Promise<void>;
  /** Resolves with the execution once it has ended, whichever process executes it. */
  finished(executionId: string, signal?: AbortSignal): Promise<Execution>;
}

const namePattern = /^[A-Za-z0-9_-]{1,80}$/;

export const sqliteWorkflow = (options: SqliteWorkflowOptions): SqliteWorkflow => {
  const { database, clock, ids, machines, pollMs = 200 } = options;
  for (const definition of Object.values(machines)) parseDefinition(definition);
  makeWorkflowTables(database);
  const store = workflowStore(database);
  const bell = makeBell(pollMs);
  const tokens = sqliteTokens({ database, ids, bell });

  const found = (executionId: string): Execution => {
    const execution = store.find(executionId);
    if (execution === undefined) {
      throw new MillraceError('EXECUTION_NOT_FOUND', `no execution "${executionId}"`, { executionId });
    }
    return execution;
  };

  const start = async ({ machine, name, input }: StartRequest, parentId?: string) => {
    if (!namePattern.test(name)) {
      throw new MillraceError('INPUT_INVALID', `execution name "${name}" must match ${namePattern.source}`, {
        name,
      });
    }
    const definition = Object.hasOwn(machines, machine) ? machines[machine] : undefined;
    if (definition === undefined) {
      const known = Object.keys(machines).join(', ');
      throw new MillraceError('STATE_MACHINE_UNKNOWN', `no state machine "${machine}", there are: ${known}`, {
        machine,
      });
    }
    const executionId = `${machine}:${name}`;
    const startedAtMs = clock.now();
    const text = JSON.stringify(definition);
    const started = store.add({ executionId, machine, name, parentId, definition: text, input, startedAtMs });
    if (!started && canonicalJson(found(executionId).input) !== canonicalJson(input)) {
      throw new MillraceError(
        'EXECUTION_NAME_TAKEN',
        `execution "${executionId}" exists with another input`,
        { executionId },
      );
    }
    engine.look();
    return { executionId, started };
  };

  const stop = async (executionId: string, reason: string): Promise<void> => {
    found(executionId);
    if (!store.end(executionId, { status: 'ABORTED', cause: reason }, clock.now())) return;
    for (const child of store.runningChildren(executionId)) await stop(child, reason);
    engine.look();
    bell.ring();
  };

  const ended = (executionId: string) => () => {
    const execution = found(executionId);
    return execution.status === 'RUNNING' ? undefined : execution;
  };

  const finished = (executionId: string, signal = new AbortController().signal) =>
    bell.until(ended(executionId), signal);

  const describe = async (executionId: string) => found(executionId);
  const nesting = { start, describe, finished, stop, isShuttingDown: () => engine.isShuttingDown() };
  const engine = workflowEngine({ ...options, store, bell, tokens, nesting });

  return {
    start: (request) => start(request),
    describe,
    list: async (filter) => store.list(filter),
    stop,
    completeTask: async (token, output) => tokens.give(token, { output }),
    failTask: async (token, failure) => tokens.give(token, { error: failure.error, cause: failure.cause }),
    heartbeatTask: async (token) => tokens.beat(token, clock.now()),
    history: async (executionId) => {
      found(executionId);
      return store.history(executionId);
    },
    finished,
    run: async () => engine.run(),
    shutdown: () => engine.shutdown(),
  };
};
