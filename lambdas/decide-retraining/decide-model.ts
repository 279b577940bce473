import {
  answeredNow,
  batchesAsked,
  type Decision,
  decide,
  isNewData,
  type Signal,
  type Verdict,
} from '../../lib/domain/retraining/index.ts';
import { isMillraceError, MillraceError } from '../../lib/wire/errors.ts';
import { nameDigest } from '../name-digest.ts';
import type { Services } from '../services.ts';
import { type ModelState, readState, type StateNeeds } from './read-state.ts';
import { startDecided } from './start-decided.ts';

export type Needs = StateNeeds & Pick<Services, 'workflow' | 'notifier'>;

export interface Decided extends Verdict {
  readonly model: string;
  readonly runId?: string;
}

/** Several may decide at once; each that loses reads the state again and finds the run of the one that won. */
const maxTries = 5;

const compact = (at: string): string => at.replace(/[^0-9TZ]/g, '').replace(/\d{3}Z$/, 'Z');

/** Where runs of that name have been, the next number: they are counted by the last, for lists may not show all of them. */
const nextOf = (name: string, runs: ModelState['runs']): string => {
  const numbers = runs.flatMap(({ runId }) => {
    if (runId === name) return 1;
    const number = runId.startsWith(`${name}-`) ? runId.slice(name.length + 1) : '';
    return /^\d+$/.test(number) ? Number(number) : [];
  });
  return numbers.length === 0 ? name : `${name}-${Math.max(...numbers) + 1}`;
};

/**
 * `retrain-<digest of the model>-<champion>-<end of the latest window>`, or `run-<batch>` where new data asks: deciding
 * twice on the same facts is deciding on one run.
 */
const nameRun = (
  model: string,
  leading: Signal,
  batchId: string,
  { state, latestWindowEnd, runs }: ModelState,
): string => {
  if (isNewData(leading)) return nextOf(`run-${batchId}`, runs);
  const moment = compact(latestWindowEnd ?? leading.at);
  return nextOf(`retrain-${nameDigest(model)}-${state.champion?.version ?? 0}-${moment}`, runs);
};

/** A batch that waited tells of its own files; of several, all do. */
const whyOf = (leading: Signal, answered: readonly Signal[]): string =>
  isNewData(leading)
    ? answered
        .filter(isNewData)
        .map(({ why }) => why)
        .join('; ')
        .slice(0, 600)
    : leading.why;

const retrain = async (
  model: string,
  verdict: Verdict,
  found: ModelState,
  services: Needs,
): Promise<Decided> => {
  const { latestBatch, specRevision, lease: before, pending, state } = found;
  const answered = answeredNow(state.signals);
  const [leading] = answered;
  const asked = batchesAsked(answered);
  const batchId = asked.at(-1) ?? latestBatch?.batchId;
  if (leading === undefined || batchId === undefined)
    throw new MillraceError('INPUT_INVALID', `a run of ${model} was decided on without a signal or a batch`);
  const runId = nameRun(model, leading, batchId, found);
  const others = asked.slice(0, -1);
  const lease = await services.registry.takeLease({
    lease: {
      model,
      runId,
      batchId,
      ...(others.length > 0 && { otherBatchIds: [...others] }),
      specRevision,
      trigger: { kind: leading.kind, by: leading.by, why: whyOf(leading, answered) },
    },
    before,
    because: verdict.because,
    answers: pending.filter(({ body }) => answered.includes(body)),
  });
  await startDecided(lease, services);
  return { model, ...verdict, runId };
};

/** Once for the same reasons, whatever was decided in between and whoever else asks. */
const page = ({ model, because }: Decision, { notifier }: Needs): Promise<void> =>
  notifier.notify({
    id: `page-${model}-${nameDigest(because.join('; '))}`,
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
