import { startOrWait } from '../../../lambdas/close-batch/start-or-wait.ts';
import { decideModel } from '../../../lambdas/decide-retraining/decide-model.ts';
import { findRun } from '../../../lambdas/decide-retraining/find-run.ts';
import { run as decideRetraining } from '../../../lambdas/decide-retraining/handler.ts';
import { WindowRecord } from '../../../lib/domain/drift/index.ts';
import { RealisedWindow } from '../../../lib/domain/labels/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import type { Batch, BatchJudgement, Run, RunEnd } from '../../../lib/domain/registry/index.ts';
import type { Lease } from '../../../lib/domain/retraining/index.ts';
import type { LaneAlarmState } from '../../../lib/ports/alarm-book.ts';
import type { Notification } from '../../../lib/ports/notifier.ts';
import type { Workflow } from '../../../lib/ports/workflow.ts';
import { registry as registryOver } from '../../../lib/registry/index.ts';
import { laggingRecords } from '../lambdas/support/lagging-records.ts';
import { freshRegistry, recordsInMemory } from '../registry/support/fresh-registry.ts';
import { sha256Of, trainedBy } from '../registry/support/stories.ts';
import { mortalRecords } from './mortal-records.ts';

const model = 'penguins';
export const hourMs = 3_600_000;

/** Where a decision may die. */
export type Death = 'before the run is recorded' | 'before the execution' | 'after the execution';

/** A decision to start a run, and what was so when it was made. */
export interface TakenLease {
  readonly lease: Lease;
  readonly atMs: number;
  readonly batches: readonly Batch[];
  readonly judgements: readonly BatchJudgement[];
  readonly underWay: readonly Run[];
  /** All runs there had been. */
  readonly knownRuns: ReadonlySet<string>;
  /** The run decided on before has ended. */
  readonly isFree: boolean;
  readonly championSince: string | undefined;
  readonly isPaused: boolean;
}

const unasked = (): never => {
  throw new Error('nobody should ask for this');
};

/** Records whose lists show what was there `lagMs` ago, by the clock of the registry that stands on them. */
const freshWithLag = (lagMs: number) => {
  let now = () => 0;
  const records = laggingRecords(recordsInMemory(), { clock: { now: () => now() }, lagMs });
  const fresh = freshRegistry({ records });
  now = fresh.clock.now;
  return fresh;
};

/**
 * A model in operation, told by its stories: a real registry in memory, an alarm that rings when the story says so, and
 * a workflow that only remembers what was started.
 */
export const retrainingWorld = async (
  retrain: object = { when: ['drift'] },
  options: { readonly listsLagMs?: number; readonly windowHours?: number } = {},
) => {
  const { listsLagMs = 0, windowHours = 24 } = options;
  const { records, clock: steady, ids } = listsLagMs === 0 ? freshRegistry() : freshWithLag(listsLagMs);
  let clockErrorMs = 0;
  const clock = { ...steady, now: () => steady.now() + clockErrorMs };
  const real = registryOver({ records, clock, ids });
  await real.applySpec({
    spec: ModelSpec.parse({
      name: model,
      task: 'multiclass',
      target: 'species',
      retrain,
      monitor: { windowHours },
    }),
    by: 'Ada',
  });
  const started: { readonly name: string; readonly atMs: number }[] = [];
  const messages: Notification[] = [];
  let ringing: LaneAlarmState[] = [];
  let death: Death | undefined;
  let batches = 0;

  const dieAt = (place: Death) => {
    if (death !== place) return;
    death = undefined;
    throw new Error(`died ${place}`);
  };
  const mortals = mortalRecords(records);
  const mortal = registryOver({ records: mortals.records, clock, ids });
  const leases: TakenLease[] = [];
  const known = new Set<unknown>();
  const registry: typeof real = {
    ...mortal,
    takeLease: async (request) => {
      const before = {
        atMs: clock.now(),
        batches: await real.listBatches(model),
        judgements: await real.listBatchJudgements(model),
        underWay: (await real.listRuns(model)).filter(({ status }) => status === 'running'),
        knownRuns: new Set((await real.listRuns(model)).map(({ runId }) => runId)),
        championSince: (await real.listReigns(model))[0]?.since,
        isPaused: (await real.findPause(model))?.isPaused === true,
      };
      const last = await real.findLease(model);
      const lastRun = last && (await findRun(last.body.runId, real));
      const isFree = last === undefined || (lastRun !== undefined && lastRun.status !== 'running');
      try {
        return await mortal.takeLease(request);
      } finally {
        // Taken as well by one who died of it.
        const taken = await real.findLease(model);
        const isNew = taken !== undefined && taken.revision !== last?.revision && !known.has(taken.revision);
        if (isNew && taken.body.runId === request.lease.runId) {
          known.add(taken.revision);
          leases.push({ ...before, isFree, lease: taken.body });
        }
      }
    },
    startRun: async (request) => {
      dieAt('before the run is recorded');
      return mortal.startRun(request);
    },
  };
  const workflow: Workflow = {
    start: async ({ name }) => {
      dieAt('before the execution');
      const isKnown = started.some((one) => one.name === name);
      if (!isKnown) started.push({ name, atMs: clock.now() });
      dieAt('after the execution');
      return { executionId: `execution of ${name}`, started: !isKnown };
    },
    describe: unasked,
    list: unasked,
    stop: unasked,
    completeTask: unasked,
    failTask: unasked,
  };
  const services = {
    registry,
    workflow,
    clock,
    ids,
    alarms: { ensure: unasked, remove: unasked, states: async () => ringing },
    notifier: { notify: async (message: Notification) => void messages.push(message) },
  };
  const iso = () => new Date(clock.now()).toISOString();

  const dropBatch = async () => {
    batches += 1;
    const file = {
      key: `incoming/${model}/day-${batches}.csv`,
      etag: `content ${batches}`,
      sizeBytes: 1,
      sha256: sha256Of(`${batches}`),
    };
    const batchId = `batch-${String(batches).padStart(6, '0')}`;
    await real.noteArrival({ model, ...file });
    await real.closeBatch(model, batchId, [file]);
    return { batchId, files: [file] };
  };

  const promote = async (runId: string) => {
    const { version } = await real.registerVersion(trainedBy(runId));
    await real.approveAutomatically({ model, version: version.version, runId, why: 'passed' });
    const { revision } = await real.getRoute(model);
    const move = {
      model,
      version: version.version,
      expectedRevision: revision,
      by: 'roll-out',
      why: 'healthy',
    };
    await real.promote(move);
  };

  /** The run under way ends; one that succeeds is champion. What was never executed cannot end. */
  const endRun = async (status: RunEnd) => {
    const running = (await real.listRuns(model)).find((run) => run.status === 'running');
    if (running === undefined) return;
    const isForeign = running.trigger.by === 'story';
    const isExecuted = isForeign || started.some(({ name }) => name === running.runId);
    if (!isExecuted) return;
    await clock.advance(1000);
    if (status === 'succeeded') await promote(running.runId);
    await real.finishRun({ runId: running.runId, status, outcome: status });
  };

  /** A window of the champion is judged. */
  const judge = async (score: number, lane: 'drift' | 'data-quality' = 'drift') => {
    await clock.advance(1000);
    const { champion = 1 } = await real.getRoute(model);
    await real.recordWindow(
      WindowRecord.parse({
        model,
        windowStart: iso(),
        windowEnd: iso(),
        from: iso(),
        windows: 1,
        version: champion,
        rows: 1000,
        outcome: 'judged',
        requiredRows: 500,
        lanes: [{ lane, score, because: 'the story says so' }],
        columns: [],
        skippedFiles: [],
        skippedFileCount: 0,
        skippedLines: 0,
        judgedAt: iso(),
      }),
    );
  };

  /** The windows of the champion drift, and the alarm rings. */
  const drift = async () => {
    await judge(1.5);
    await judge(2.5);
    if (!ringing.some(({ lane }) => lane === 'drift'))
      ringing = [...ringing, { model, lane: 'drift', state: 'alarm', since: iso() }];
  };

  /** A batch that is kept: `retrain.when` does not name new data. */
  const newData = async () => {
    await clock.advance(1000);
    return dropBatch();
  };

  /** What a collection does last. */
  const takeUp = (batchId: string, files: readonly { readonly key: string }[]) =>
    startOrWait({ model, batchId }, files, services);

  /** A batch that starts a run in its turn. */
  const dropped = async () => {
    const { batchId, files } = await newData();
    return takeUp(batchId, files);
  };

  /** The newest batch that runs have looked at is found unfit. */
  const quarantine = async () => {
    const [run] = await real.listRuns(model);
    if (run?.batchId === undefined) return;
    await real.recordBatchJudgement({
      model,
      batchId: run.batchId,
      kind: 'dropped',
      state: 'quarantined',
      rows: 9,
      gate: [],
      runId: run.runId,
    });
  };

  const acceptQuarantined = async () => {
    const held = (await real.listBatchJudgements(model)).filter(({ state }) => state === 'quarantined');
    for (const { batchId } of held) await real.acceptBatch({ model, batchId, by: 'Ada', why: 'it is fine' });
  };

  /** Labels tell how right the champion was in one more window; their rows are dropped, and kept as a batch. */
  const tellLabels = async (rows: number, score: number) => {
    await clock.advance(1000);
    batches += 1;
    const { champion = 1 } = await real.getRoute(model);
    const key = `incoming/${model}/from-labels/${batches}.jsonl.gz`;
    const file = { key, etag: `labelled ${batches}`, sizeBytes: 1, sha256: sha256Of(`labelled ${batches}`) };
    await real.noteArrival({ model, ...file });
    await real.closeBatch(model, `batch-${String(batches).padStart(6, '0')}`, [file]);
    const window = RealisedWindow.parse({
      model,
      windowStart: iso(),
      windowEnd: iso(),
      version: champion,
      rows,
      labelledRows: rows,
      outcome: 'judged',
      because: 'the story says so',
      unknownLabels: 0,
      correctedLabels: 0,
      delayHours: 1,
      measure: 'share of wrong answers',
      score,
      trainingKey: key,
      trainingRows: rows,
      seen: `${batches}`,
      updatedAt: iso(),
      judgedAt: iso(),
    });
    await real.putRealisedWindow(window, undefined);
    const isRinging = ringing.some(({ lane }) => lane === 'realised-quality');
    if (score >= 1 && !isRinging)
      ringing = [...ringing, { model, lane: 'realised-quality', state: 'alarm', since: iso() }];
  };

  await dropBatch();
  await clock.advance(1000);
  await real.startRun({
    runId: 'run-first',
    model,
    batchId: 'batch-000001',
    specRevision: 1,
    trigger: { kind: 'new-data', by: 'story', why: 'first data' },
  });
  await clock.advance(listsLagMs);
  await endRun('succeeded');
  await clock.advance(1000 + listsLagMs);

  return {
    services,
    registry: real,
    clock,
    started,
    messages,
    newData,
    dropped,
    takeUp,
    quarantine,
    acceptQuarantined,
    endRun,
    /** Every run under way ends so. */
    endAll: async (status: RunEnd) => {
      for (let left = 5; left > 0; left -= 1) await endRun(status);
    },
    judge,
    drift,
    tellLabels,
    /** The alarms of a lane ring or fall silent. */
    ring: (lane: LaneAlarmState['lane']) => {
      ringing = [...ringing, { model, lane, state: 'alarm', since: iso() }];
    },
    silence: () => {
      ringing = [];
    },
    passHours: (hours: number) => clock.advance(hours * hourMs),
    /** The clock of the house is wrong by so many hours from now on. */
    jumpHours: (hours: number) => {
      clockErrorMs = hours * hourMs;
    },
    /** How many hours the house lives in the future. */
    hoursAhead: () => clockErrorMs / hourMs,
    /** People put the version back that served before, if there was one. */
    rollBack: async () => {
      const { previousChampion } = await real.getRoute(model);
      if (previousChampion !== undefined) await real.rollBack({ model, by: 'Ada', reason: 'it is worse' });
    },
    dieNext: (place: Death | undefined) => {
      death = place;
      mortals.dieAtWrite(undefined);
    },
    /** The controller dies at one of its next writes. */
    dieAtWrite: mortals.dieAtWrite,
    /** A run that the controller has not decided on begins: of a model trained elsewhere. */
    bring: async () => {
      await clock.advance(1000);
      const trigger = { kind: 'imported-model', by: 'story', why: 'the story says so' } as const;
      await real.startRun({ runId: `brought-${ids.next()}`, model, specRevision: 1, trigger });
    },
    /** The leases that were taken, in order, with what was so just before. */
    leases,
    decide: () => decideModel(model, services),
    ask: async (why: string, requestId: string) => {
      const { decisions } = await decideRetraining({ model, why, by: 'Ada', requestId }, services);
      return decisions[0];
    },
    wake: (event: Record<string, unknown>) => decideRetraining(event, services),
    pause: (isPaused: boolean) =>
      real.setPause({ model, isPaused, by: 'Ada', reason: 'the sensors are being replaced' }),
    runs: () => real.listRuns(model),
    signals: async () => (await real.listSignals(model)).map(({ body }) => body),
    decisions: () => real.listDecisions(model),
  };
};
export type RetrainingWorld = Awaited<ReturnType<typeof retrainingWorld>>;
