import {
  byTime,
  keys,
  lists,
  Run,
  type RunEnd,
  type RunFacts,
  type RunTrigger,
} from '../domain/registry/index.ts';
import { MillraceError } from '../wire/errors.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

export interface StartRun extends RunFacts {
  readonly runId: string;
  readonly model: string;
  readonly trigger: RunTrigger;
}

export interface FinishRun extends RunFacts {
  readonly runId: string;
  readonly status: RunEnd;
  /** How it ended, in words. */
  readonly outcome: string;
  readonly errorCode?: string;
}

const runWrite = (run: Run) => ({
  ...keys.run(run.runId),
  body: toBody(run),
  index: { partition: lists.runs(run.model), sort: byTime(run.startedAt, run.runId) },
});

const getFound = async (context: RegistryContext, runId: string) => {
  const found = await find(context.records, keys.run(runId), Run);
  if (found === undefined)
    throw new MillraceError('RUN_UNKNOWN', `run "${runId}" is not recorded`, { runId });
  return found;
};

/** Reads the run, changes it, writes it back; a change that gives the same run back writes nothing. */
const changeRun = (context: RegistryContext, runId: string, change: (run: Run) => Run): Promise<Run> =>
  untilWon(async () => {
    const found = await getFound(context, runId);
    const changed = change(found.body);
    if (changed !== found.body)
      await context.records.put({ ...runWrite(changed), condition: unchangedSince(found) });
    return changed;
  });

/** Without what is still unknown: `undefined` never erases a fact. */
const knownOf = (facts: RunFacts): RunFacts =>
  Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));

/** Runs: what was done, how long it took, how it ended, and what it takes to repeat it. */
export const runRegistry = (context: RegistryContext) => ({
  /** Opens a run; opened again it is the run as it stands by now. */
  startRun: (request: StartRun): Promise<Run> =>
    untilWon(async () => {
      const existing = await find(context.records, keys.run(request.runId), Run);
      if (existing) return existing.body;
      const run: Run = { ...request, status: 'running', durationsMs: {}, startedAt: nowOf(context) };
      await context.records.put({ ...runWrite(run), condition: 'absent' });
      return run;
    }),

  /** Adds what has become known. Throws RUN_UNKNOWN. */
  noteRun: (runId: string, facts: RunFacts): Promise<Run> =>
    changeRun(context, runId, (run) => ({ ...run, ...knownOf(facts) })),

  /** Keeps how long a step took; a step done again keeps its last duration. */
  noteRunStep: (runId: string, step: string, durationMs: number): Promise<Run> =>
    changeRun(context, runId, (run) => ({ ...run, durationsMs: { ...run.durationsMs, [step]: durationMs } })),

  /** Ends a run. The first end stands: finished again, it is given back unchanged. */
  finishRun: ({ runId, status, outcome, errorCode, ...facts }: FinishRun): Promise<Run> =>
    changeRun(context, runId, (run) => {
      if (run.status !== 'running') return run;
      const end = {
        status,
        outcome,
        finishedAt: nowOf(context),
        ...(errorCode !== undefined && { errorCode }),
      };
      return { ...run, ...knownOf(facts), ...end };
    }),

  /** Throws RUN_UNKNOWN. */
  getRun: async (runId: string): Promise<Run> => (await getFound(context, runId)).body,

  /** Newest first. */
  listRuns: (model: string, options: { readonly limit?: number } = {}): Promise<readonly Run[]> =>
    listAll(
      context.records,
      { partition: lists.runs(model), useIndex: true, direction: 'descending', ...options },
      Run,
    ),
});
