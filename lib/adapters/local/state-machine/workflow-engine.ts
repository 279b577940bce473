import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../ports/clock.ts';
import type { Ids } from '../../../ports/ids.ts';
import type { Bell } from './bell.ts';
import { execute } from './execute.ts';
import { isNestedExecution, type NestingWorkflow, runNestedExecution } from './nested-executions.ts';
import { parseDefinition } from './parse-definition.ts';
import { sqliteJournal } from './sqlite-journal.ts';
import type { sqliteTokens } from './sqlite-tokens.ts';
import type { Invoke } from './visit.ts';
import { workflowLease } from './workflow-lease.ts';
import type { WorkflowStore } from './workflow-store.ts';

export interface EngineOptions {
  readonly database: DatabaseSync;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly invoke: Invoke;
  readonly store: WorkflowStore;
  readonly bell: Bell;
  readonly tokens: ReturnType<typeof sqliteTokens>;
  readonly nesting: NestingWorkflow;
  readonly onFault?: (fault: unknown, executionId: string) => void;
  readonly pollMs?: number;
  readonly random?: () => number;
  readonly isAlive?: (pid: number) => boolean;
}

/** Why an execution was interrupted: it is not an ending, the execution goes on elsewhere or later. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** An execution whose engine failed is taken up again after this long. */
const faultPauseMs = 5000;

const warn = (fault: unknown, executionId: string) =>
  process.emitWarning(
    `execution ${executionId} was interrupted: ${fault instanceof Error ? fault.message : fault}`,
  );

/** Executes what is RUNNING, while it holds the lease. */
export const workflowEngine = (options: EngineOptions) => {
  const { database, clock, ids, store, bell, tokens, nesting, pollMs = 200, onFault = warn } = options;
  const { isAlive } = options;
  const lease = workflowLease({ database, owner: ids.next(), ...(isAlive === undefined ? {} : { isAlive }) });
  const active = new Map<string, { readonly controller: AbortController; readonly over: Promise<void> }>();
  const resting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isShuttingDown = false;

  const invoke: Invoke = (request, task) =>
    isNestedExecution(request.resource)
      ? runNestedExecution(nesting, request, task)
      : options.invoke(request, task);

  const drive = async (executionId: string, signal: AbortSignal): Promise<void> => {
    const execution = store.find(executionId);
    if (execution === undefined) return;
    const result = await execute({
      machine: parseDefinition(store.definitionOf(executionId)),
      machineName: execution.machine,
      name: execution.name,
      id: executionId,
      input: execution.input,
      startedAtMs: Date.parse(execution.startedAt),
      clock,
      invoke,
      tokens: tokens.of(executionId),
      journal: sqliteJournal(database, executionId),
      random: options.random ?? Math.random,
      record: (event) => store.record(executionId, event, clock.now()),
      signal,
    });
    store.end(executionId, result, clock.now());
    bell.ring();
  };

  const rest = (executionId: string, fault: unknown) => {
    onFault(fault, executionId);
    resting.add(executionId);
    setTimeout(() => resting.delete(executionId), faultPauseMs).unref();
  };

  const take = (executionId: string) => {
    const controller = new AbortController();
    const over = drive(executionId, controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) rest(executionId, error);
      })
      .finally(() => active.delete(executionId));
    active.set(executionId, { controller, over });
  };

  const interruptAll = (why: string) => {
    for (const { controller } of active.values()) controller.abort(new Interrupted(why));
  };

  /** Takes up what has been started and drops what has been stopped, here or by another process. */
  const look = () => {
    if (timer === undefined) return;
    const running = new Set(store.running());
    for (const executionId of running) {
      if (!active.has(executionId) && !resting.has(executionId)) take(executionId);
    }
    for (const [executionId, { controller }] of active) {
      if (!running.has(executionId)) controller.abort(new Interrupted('stopped'));
    }
  };

  const halt = () => {
    clearInterval(timer);
    timer = undefined;
  };

  const tick = () => {
    try {
      if (lease.renew()) return look();
      halt();
      isShuttingDown = true;
      interruptAll('another process has taken over');
      onFault(new Error('another process has taken over the workflows of this home'), '*');
    } catch (error) {
      onFault(error, '*');
    }
  };

  const run = () => {
    if (timer !== undefined) return;
    lease.acquire();
    isShuttingDown = false;
    timer = setInterval(tick, pollMs);
    look();
  };

  const shutdown = async () => {
    if (timer === undefined) return;
    isShuttingDown = true;
    halt();
    const endings = [...active.values()].map(({ over }) => over);
    interruptAll('shutting down');
    await Promise.all(endings);
    lease.release();
  };

  return { run, shutdown, look, isShuttingDown: () => isShuttingDown };
};
