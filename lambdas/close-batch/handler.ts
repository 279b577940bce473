import * as z from 'zod';
import type { Arrival } from '../../lib/domain/registry/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { startCollecting } from '../collecting.ts';
import { isDoneMark } from '../done-mark.ts';
import type { Services } from '../services.ts';
import { isKnownContent } from './known-content.ts';
import { storeSources } from './store-sources.ts';

const Input = z.object({ model: z.string(), batchId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'workflow' | 'notifier' | 'clock' | 'withScratchFolder'>;

export type Closed =
  | { readonly status: 'waiting'; readonly waitSeconds: number }
  | { readonly status: 'started'; readonly runId: string }
  | { readonly status: 'nothing-new'; readonly because: string }
  | { readonly status: 'taken' };

/** Whole seconds until the quiet period is over; 0 when it is, or when a _SUCCESS file says that the batch is complete. */
const secondsToWait = (arrivals: readonly Arrival[], quietSeconds: number, nowMs: number): number => {
  if (arrivals.some(isDoneMark)) return 0;
  const lastMs = Math.max(...arrivals.map((arrival) => Date.parse(arrival.arrivedAt)));
  return Math.max(0, Math.ceil(quietSeconds - (nowMs - lastMs) / 1000));
};

const startRun = async (input: Input, arrivals: readonly Arrival[], services: Needs): Promise<string> => {
  const { model, batchId } = input;
  const { registry, workflow } = services;
  const runId = `run-${batchId}`;
  const { revision } = await registry.getSpec(model);
  const isBrought = arrivals.some((arrival) => arrival.key.endsWith('.onnx'));
  const names = arrivals.map((arrival) => arrival.key.split('/').at(-1)).join(', ');
  await registry.startRun({
    runId,
    model,
    batchId,
    specRevision: revision,
    trigger: {
      kind: isBrought ? 'imported-model' : 'new-data',
      by: 'drop',
      why: `${arrivals.length} file(s) arrived: ${names.slice(0, 300)}`,
    },
  });
  const { executionId } = await workflow.start({
    machine: 'train-and-promote',
    name: runId,
    input: { model, runId, isBrought },
  });
  await registry.noteRun(runId, { executionId });
  return runId;
};

/** Says, once for one batch, that the content dropped is the content there was. */
const sayNothingNew = async (input: Input, services: Needs): Promise<Closed> => {
  const because =
    'every file of the batch was part of an earlier run of the same model.json: nothing was started';
  await services.registry.noteAudit({
    model: input.model,
    action: 'batch-known',
    by: 'millrace',
    why: because,
    details: { batchId: input.batchId },
  });
  await services.notifier.notify({
    id: `known-${input.batchId}`,
    kind: 'note',
    model: input.model,
    subject: 'Nothing new arrived',
    text: because,
  });
  return { status: 'nothing-new', because };
};

/** Takes the waiting files of a model into one batch when nothing more arrives, and starts its run. */
export const run = async (input: Input, services: Needs): Promise<Closed> => {
  const { registry, clock } = services;
  const { model, batchId } = input;
  const closed = await registry.findBatch(model, batchId);
  // Closed before, by an attempt that died on its way to the run: go on from there.
  const arrivals = closed
    ? closed.arrivals.map((arrival) => ({ ...arrival, model, status: 'batched' as const }))
    : await registry.pendingArrivals(model);
  if (arrivals.length === 0) return { status: 'taken' };
  const { spec } = await registry.getSpec(model);
  const waitSeconds = closed ? 0 : secondsToWait(arrivals, spec.ingestion.quietSeconds, clock.now());
  if (waitSeconds > 0) return { status: 'waiting', waitSeconds };

  const stored = closed
    ? arrivals
    : await storeSources(
        arrivals.filter((arrival) => !isDoneMark(arrival)),
        services,
      );
  if (stored === 'changed')
    return { status: 'waiting', waitSeconds: Math.max(1, Math.ceil(spec.ingestion.quietSeconds)) };
  const marks = closed ? [] : arrivals.filter(isDoneMark);
  if (!closed) {
    const result = await registry.closeBatch(model, batchId, [...stored, ...marks]);
    if (!result.closed) return { status: 'waiting', waitSeconds: 1 };
  }
  const files = stored.filter((arrival) => !isDoneMark(arrival));
  const outcome: Closed =
    files.length === 0 || (await isKnownContent(model, batchId, files, registry))
      ? await sayNothingNew(input, services)
      : { status: 'started', runId: await startRun(input, files, services) };
  // A file that arrived while this batch was closing saw this collection running and started none.
  await startCollecting(model, services);
  return outcome;
};

export const step: Step<typeof Input, Needs, Closed> = { input: Input, run };
