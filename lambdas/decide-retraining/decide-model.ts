import { type Decision, decide, leadingSignal, type Verdict } from '../../lib/domain/retraining/index.ts';
import { isMillraceError, MillraceError } from '../../lib/wire/errors.ts';
import { nameDigest } from '../name-digest.ts';
import type { Services } from '../services.ts';
import { type ModelState, readState } from './read-state.ts';
import { startDecided } from './start-decided.ts';

export type Needs = Pick<Services, 'registry' | 'workflow' | 'alarms' | 'notifier' | 'clock'>;

export interface Decided extends Verdict {
  readonly model: string;
  readonly runId?: string;
}

/** Several may decide at once; each that loses reads the state again and finds the run of the one that won. */
const maxTries = 5;

const compact = (at: string): string => at.replace(/[^0-9TZ]/g, '').replace(/\d{3}Z$/, 'Z');

/**
 * `retrain-<digest of the model>-<champion>-<end of the latest window>`: deciding twice on the same facts is deciding on
 * one run. Where a run of that name has been, a later one counts on.
 */
const nameRun = (model: string, { state, latestWindowEnd, runs, pending }: ModelState): string => {
  const moment = latestWindowEnd ?? leadingSignal(pending.map(({ body }) => body))?.at ?? '';
  const name = `retrain-${nameDigest(model)}-${state.champion?.version ?? 0}-${compact(moment)}`;
  const earlier = runs.filter(({ runId }) => runId === name || runId.startsWith(`${name}-`)).length;
  return earlier === 0 ? name : `${name}-${earlier + 1}`;
};

const retrain = async (
  model: string,
  verdict: Verdict,
  found: ModelState,
  services: Needs,
): Promise<Decided> => {
  const leading = leadingSignal(found.state.signals);
  const { latestBatch, specRevision, lease: before, pending } = found;
  if (leading === undefined || latestBatch === undefined)
    throw new MillraceError('INPUT_INVALID', `a run of ${model} was decided on without a signal or a batch`);
  const { kind, by, why } = leading;
  const runId = nameRun(model, found);
  const lease = await services.registry.takeLease({
    lease: { model, runId, batchId: latestBatch.batchId, specRevision, trigger: { kind, by, why } },
    before,
    because: verdict.because,
    answers: pending,
  });
  await startDecided(lease, services);
  return { model, ...verdict, runId };
};

const page = ({ model, because, at }: Decision, { notifier }: Needs): Promise<void> =>
  notifier.notify({
    id: `page-${model}-${at}`,
    kind: 'note',
    model,
    subject: `Somebody must look at ${model}`,
    text: because.join('; '),
  });

const decideOnce = async (model: string, services: Needs): Promise<Decided> => {
  const { registry, clock } = services;
  // Decided on before, by an attempt that died on its way to the run.
  const unfinished = await registry.findLease(model);
  if (unfinished !== undefined) await startDecided(unfinished.body, services);
  const found = await readState(model, services);
  const verdict = decide(found.state, clock.now());
  if (found.pending.length === 0) return { model, ...verdict };
  const { decision, because } = verdict;
  if (decision === 'retrain') return retrain(model, verdict, found, services);
  const signals = found.pending.map(({ body }) => body.signalId);
  const noted = await registry.noteDecision({ model, decision, because, signals });
  if (decision === 'page') await page(noted, services);
  return { model, ...verdict };
};

/** Reads the whole state of a model, decides, records the decision and carries it out. */
export const decideModel = async (model: string, services: Needs): Promise<Decided> => {
  for (let triesLeft = maxTries - 1; triesLeft > 0; triesLeft -= 1) {
    try {
      return await decideOnce(model, services);
    } catch (error) {
      if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
    }
  }
  return decideOnce(model, services);
};
