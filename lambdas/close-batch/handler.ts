import * as z from 'zod';
import type { Arrival } from '../../lib/domain/registry/index.ts';
import { isOnlyFromLabels } from '../../lib/domain/retraining/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { startCollecting } from '../collecting.ts';
import { findRun } from '../decide-retraining/find-run.ts';
import { isDoneMark } from '../done-mark.ts';
import type { Services } from '../services.ts';
import { firstFiles } from './first-files.ts';
import { isKnownContent } from './known-content.ts';
import { type Kept, type NothingNew, noteKeptLabels, sayGone, sayKept, sayNothingNew } from './say.ts';
import { startOrWait, whatArrived } from './start-or-wait.ts';
import { storeSources } from './store-sources.ts';

const Input = z.object({ model: z.string(), batchId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'workflow' | 'notifier' | 'clock' | 'withScratchFolder' | 'listsLagMs' | 'signal'
>;

export type Closed =
  | { readonly status: 'waiting'; readonly waitSeconds: number }
  | { readonly status: 'started'; readonly runId: string }
  | NothingNew
  | Kept
  | { readonly status: 'taken' };

/** Whole seconds until the quiet period is over; 0 when it is, or when a _SUCCESS file says that the batch is complete. */
const secondsToWait = (arrivals: readonly Arrival[], quietSeconds: number, nowMs: number): number => {
  if (arrivals.some(isDoneMark)) return 0;
  // Not by spreading: a call takes about 100,000 arguments.
  const lastMs = arrivals.reduce((last, { arrivedAt }) => Math.max(last, Date.parse(arrivedAt)), 0);
  return Math.max(0, Math.ceil(quietSeconds - (nowMs - lastMs) / 1000));
};

/** The run that new data starts. */
const runOf = (batchId: string): string => `run-${batchId}`;

const isBrought = (arrivals: readonly Arrival[]): boolean =>
  arrivals.some(({ key }) => key.endsWith('.onnx'));

/**
 * The first model of all needs no reason, and one that was brought needs no training: their runs start at once. Other data
 * starts one by itself unless model.json says otherwise.
 */
const whatStarts = async (
  { model, batchId }: Input,
  arrivals: readonly Arrival[],
  { registry }: Needs,
): Promise<'its own run' | 'a run in its turn' | 'nothing'> => {
  const [{ spec }, { champion }, begun] = await Promise.all([
    registry.getSpec(model),
    registry.getRoute(model),
    findRun(runOf(batchId), registry),
  ]);
  // Begun by an attempt that died: there may be a champion by now.
  if (begun !== undefined || champion === undefined || isBrought(arrivals)) return 'its own run';
  return spec.retrain.when.includes('new-data') ? 'a run in its turn' : 'nothing';
};

const startRun = async (input: Input, arrivals: readonly Arrival[], services: Needs): Promise<string> => {
  const { model, batchId } = input;
  const { registry, workflow } = services;
  const runId = runOf(batchId);
  const { revision } = await registry.getSpec(model);
  await registry.startRun({
    runId,
    model,
    batchId,
    specRevision: revision,
    trigger: {
      kind: isBrought(arrivals) ? 'imported-model' : 'new-data',
      by: 'drop',
      why: whatArrived(arrivals),
    },
  });
  const { executionId } = await workflow.start({
    machine: 'train-and-promote',
    name: runId,
    input: { model, runId, isBrought: isBrought(arrivals) },
  });
  await registry.noteRun(runId, { executionId });
  return runId;
};

/** Starts the run of a closed batch, or says why there is none. */
const startOrSay = async (input: Input, arrivals: readonly Arrival[], services: Needs): Promise<Closed> => {
  const { model, batchId } = input;
  const files = arrivals.filter(({ sha256 }) => sha256 !== undefined);
  const gone = arrivals.filter((arrival) => arrival.sha256 === undefined && !isDoneMark(arrival));
  if (gone.length > 0) await sayGone(input, gone, services);
  if (files.length === 0)
    return sayNothingNew(input, 'the batch has no file that could be read: nothing was started', services);
  if (await isKnownContent(model, batchId, files, services.registry))
    return sayNothingNew(
      input,
      'every file of the batch was part of an earlier run of the same model.json: nothing was started',
      services,
    );
  if (isOnlyFromLabels({ arrivals: files })) return noteKeptLabels(input, services);
  const starts = await whatStarts(input, files, services);
  if (starts === 'nothing') return sayKept(input, services);
  if (starts === 'a run in its turn') return startOrWait(input, files, services);
  return { status: 'started', runId: await startRun(input, files, services) };
};

/** Until lists show what was written before now. */
const listsCaughtUp = ({ clock, listsLagMs = 0 }: Pick<Needs, 'clock' | 'listsLagMs'>): Promise<void> =>
  listsLagMs === 0 ? Promise.resolve() : clock.sleep(listsLagMs);

/**
 * The files that wait. Where the list lags behind it is read again when nothing is in it, and when a mark is: somebody
 * has noted what this collection is named after, and what came before a mark belongs to it.
 */
const waitingFiles = async (model: string, services: Needs): Promise<readonly Arrival[]> => {
  const listed = await services.registry.pendingArrivals(model);
  if (listed.length > 0 && !listed.some(isDoneMark)) return listed;
  if ((services.listsLagMs ?? 0) === 0) return listed;
  await listsCaughtUp(services);
  return services.registry.pendingArrivals(model);
};

/** Takes the waiting files of a model into one batch when nothing more arrives, and starts its run. */
export const run = async (input: Input, services: Needs): Promise<Closed> => {
  const { registry, clock } = services;
  const { model, batchId } = input;
  const closed = await registry.findBatch(model, batchId);
  // Closed before, by an attempt that died on its way to the run: go on from there.
  const arrivals = closed
    ? closed.arrivals.map((arrival) => ({ ...arrival, model, status: 'batched' as const }))
    : await waitingFiles(model, services);
  if (arrivals.length === 0) return { status: 'taken' };
  const { spec } = await registry.getSpec(model);
  const waitSeconds = closed ? 0 : secondsToWait(arrivals, spec.ingestion.quietSeconds, clock.now());
  if (waitSeconds > 0) return { status: 'waiting', waitSeconds };

  const taken = closed ? arrivals : firstFiles(arrivals);
  const stored = closed
    ? arrivals
    : await storeSources(
        taken.filter((arrival) => !isDoneMark(arrival)),
        services,
      );
  const marks = closed ? [] : taken.filter(isDoneMark);
  if (stored === 'unfinished')
    return { status: 'waiting', waitSeconds: Math.max(1, Math.ceil((services.listsLagMs ?? 0) / 1000)) };
  if (stored === 'changed')
    return {
      status: 'waiting',
      waitSeconds: marks.length > 0 ? 1 : Math.max(1, Math.ceil(spec.ingestion.quietSeconds)),
    };
  if (!closed) {
    const result = await registry.closeBatch(model, batchId, [...stored, ...marks]);
    if (!result.closed) return { status: 'waiting', waitSeconds: 1 };
  }
  const outcome = await startOrSay(input, stored, services);
  // A file that arrived while this batch was closing saw this collection running and started none. Its note was written
  // before the batch was closed, so a list that has caught up since then shows it.
  await listsCaughtUp(services);
  await startCollecting(model, services);
  return outcome;
};

export const step: Step<typeof Input, Needs, Closed> = { input: Input, run };
