import * as z from 'zod';
import { keys, lists } from '../domain/registry/index.ts';
import { Decision, Lease, Pause, Signal } from '../domain/retraining/index.ts';
import type { RecordWrite } from '../ports/record-store.ts';
import { isMillraceError } from '../wire/errors.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { type Found, find, listAll, listFound, toBody, unchangedSince, untilWon } from './records.ts';

export type NewDecision = Omit<Decision, 'at' | 'lastSeenAt' | 'count'>;

export interface TakeLease {
  readonly lease: Omit<Lease, 'at'>;
  /** The lease as it was when the decision was made: whoever decided at the same time loses. */
  readonly before: Found<Lease> | undefined;
  readonly because: readonly string[];
  /** The signals the run answers, as they were read: `maxAnswered` at most. */
  readonly answers: readonly Found<Signal>[];
}

export interface SetPause {
  readonly model: string;
  readonly isPaused: boolean;
  readonly by: string;
  readonly reason: string;
}

const newest = { direction: 'descending', limit: 1 } as const;

const newDecision = (context: RegistryContext, decision: NewDecision): Decision & { readonly id: string } => {
  const at = nowOf(context);
  return { ...decision, at, lastSeenAt: at, count: 1, id: context.ids.next() };
};

const decisionWrite = ({ id, ...decision }: Decision & { readonly id: string }): RecordWrite => ({
  ...keys.decision(decision.model, decision.at, id),
  body: toBody(decision),
  condition: 'absent',
});

const isSame = (a: NewDecision, b: NewDecision): boolean =>
  a.decision === b.decision &&
  a.because.join('\n') === b.because.join('\n') &&
  a.signals.join('\n') === b.signals.join('\n');

const LatestDecision = z.object({ at: z.string() });

/** The latest decision with its place, to count it up; lists give bodies without keys. */
const findLatest = async (context: RegistryContext, model: string) => {
  const page = await context.records.query({ partition: lists.decisions(model), ...newest });
  const [record] = page.records;
  return record && { ...record, body: Decision.parse(record.body) };
};

/** Decisions are listed by their moment: one that a clock left in the future must not stay the latest for ever. */
const momentAfter = (latest: string | undefined, now: string): string =>
  latest === undefined || latest < now ? now : new Date(Date.parse(latest) + 1).toISOString();

const actions = { wait: 'retrain-waits', refuse: 'retrain-refused', page: 'retrain-paged' } as const;

const noteDecision = async (
  context: RegistryContext,
  decision: NewDecision & { readonly decision: keyof typeof actions },
): Promise<Decision> => {
  // Before the decisions themselves: whoever records one after they were read is found out by it.
  const head = await find(context.records, keys.latestDecision(decision.model), LatestDecision);
  const latest = await findLatest(context, decision.model);
  if (latest && isSame(latest.body, decision)) {
    const { partition, sort, revision, body } = latest;
    const again: Decision = { ...body, count: body.count + 1, lastSeenAt: nowOf(context) };
    await context.records.put({ partition, sort, body: toBody(again), condition: { revision } });
    return again;
  }
  const first = { ...newDecision(context, decision), at: momentAfter(latest?.body.at, nowOf(context)) };
  const { model, because, signals } = decision;
  await context.records.transact([
    decisionWrite(first),
    { ...keys.latestDecision(model), body: { at: first.at }, condition: unchangedSince(head) },
    auditWrite(context, {
      model,
      action: actions[decision.decision],
      by: 'controller',
      why: because.join('; '),
      details: { signals },
    }),
  ]);
  return first;
};

const takeLease = async (context: RegistryContext, request: TakeLease): Promise<Lease> => {
  const { because, before } = request;
  const { model, runId, trigger } = request.lease;
  const lease: Lease = { ...request.lease, at: nowOf(context) };
  const { answers } = request;
  const signals = answers.map(({ body }) => body.signalId);
  const latest = await findLatest(context, model);
  const decided = {
    ...newDecision(context, { model, decision: 'retrain', because: [...because], signals, runId }),
    at: momentAfter(latest?.body.at, lease.at),
  };
  await context.records.transact([
    { ...keys.retrainLease(model), body: toBody(lease), condition: unchangedSince(before) },
    decisionWrite(decided),
    auditWrite(context, {
      model,
      action: 'retrain-decided',
      by: trigger.by,
      why: because.join('; '),
      runId,
      details: { signals },
    }),
    ...answers.map((found) => ({
      ...keys.signal(model, found.body.signalId),
      body: toBody({ ...found.body, answeredBy: runId, answeredAt: lease.at }),
      condition: unchangedSince(found),
    })),
  ]);
  return lease;
};

const setPause = async (context: RegistryContext, request: SetPause): Promise<Pause> => {
  const { model, isPaused, by, reason } = request;
  const found = await find(context.records, keys.retrainPause(model), Pause);
  if (found !== undefined && found.body.isPaused === isPaused) return found.body;
  const pause: Pause = { isPaused, by, reason, at: nowOf(context) };
  await context.records.transact([
    { ...keys.retrainPause(model), body: toBody(pause), condition: unchangedSince(found) },
    auditWrite(context, {
      model,
      action: isPaused ? 'retraining-paused' : 'retraining-resumed',
      by,
      why: reason,
    }),
  ]);
  return pause;
};

/** What the controller remembers: what asks for a new model, what was decided, and the run it decided on. */
export const retrainingRegistry = (context: RegistryContext) => ({
  /** Keeps a signal until a run answers it. Raised again under its id it is the signal as it stands. */
  raiseSignal: async (signal: Signal): Promise<{ readonly isNew: boolean }> => {
    try {
      const key = keys.signal(signal.model, signal.signalId);
      await context.records.put({ ...key, body: toBody(signal), condition: 'absent' });
      return { isNew: true };
    } catch (error) {
      if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
      return { isNew: false };
    }
  },

  /** All of a model, with the revisions that answering them needs. */
  listSignals: (model: string): Promise<readonly Found<Signal>[]> =>
    listFound(context.records, { partition: lists.signals(model) }, Signal),

  /** Closes a signal that no run need answer any more; one that was answered stays as it is. */
  closeSignal: (model: string, signalId: string, why: string): Promise<void> =>
    untilWon(async () => {
      const found = await find(context.records, keys.signal(model, signalId), Signal);
      if (found === undefined || found.body.answeredBy !== undefined) return;
      const closed = { ...found.body, answeredBy: why, answeredAt: nowOf(context), isClosed: true };
      await context.records.put({
        ...keys.signal(model, signalId),
        body: toBody(closed),
        condition: unchangedSince(found),
      });
    }),

  findLease: (model: string): Promise<Found<Lease> | undefined> =>
    find(context.records, keys.retrainLease(model), Lease),

  /**
   * Decides on a run: lease, decision, audit and the signals it answers are one transaction, so that of several who
   * decide at once one wins. Throws RECORD_CONFLICT: read the state again. Starting the run comes afterwards.
   */
  takeLease: (request: TakeLease): Promise<Lease> => takeLease(context, request),

  /** Records a decision not to retrain. The same for the same reasons, once more, is counted and not repeated. */
  noteDecision: (decision: NewDecision & { readonly decision: keyof typeof actions }): Promise<Decision> =>
    untilWon(() => noteDecision(context, decision)),

  /** Newest first. */
  listDecisions: (model: string, options: { readonly limit?: number } = {}): Promise<readonly Decision[]> =>
    listAll(
      context.records,
      { partition: lists.decisions(model), direction: 'descending', ...options },
      Decision,
    ),

  findPause: async (model: string): Promise<Pause | undefined> =>
    (await find(context.records, keys.retrainPause(model), Pause))?.body,

  /** Holds the controller still, or lets it go on; what is so already stays as it was first. */
  setPause: (request: SetPause): Promise<Pause> => untilWon(() => setPause(context, request)),
});
