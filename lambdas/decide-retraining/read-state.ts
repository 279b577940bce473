import type { RealisedWindow } from '../../lib/domain/labels/index.ts';
import { alarmSpanHours } from '../../lib/domain/lane-alarms/index.ts';
import type { Batch, Run } from '../../lib/domain/registry/index.ts';
import {
  hasRows,
  isOwnBreach,
  type Lease,
  type RetrainingState,
  raiseAlone,
  raiseSignals,
  readHistory,
  type Signal,
} from '../../lib/domain/retraining/index.ts';
import type { Services } from '../services.ts';
import { findRun, leasedRun } from './find-run.ts';

export type StateNeeds = Pick<Services, 'registry' | 'clock'> & {
  readonly alarms: Pick<Services['alarms'], 'states'>;
};

/** Far more runs than any bound of the controller looks back, also where new data starts six an hour. */
const runsRead = 1000;
const batchesRead = 200;
const windowsRead = 30;
/** Files of labelled predictions that no model was trained on yet are among those of so many windows. */
const realisedRead = 400;

interface Revised<Body> {
  readonly revision: number;
  readonly body: Body;
}

/** Everything a decision is made on, and what carrying it out needs. */
export interface ModelState {
  readonly state: RetrainingState;
  readonly pending: readonly Revised<Signal>[];
  readonly lease: Revised<Lease> | undefined;
  readonly specRevision: number;
  readonly latestBatch: Batch | undefined;
  readonly latestWindowEnd: string | undefined;
  readonly runs: readonly Run[];
}

const isPending = ({ body: { answeredBy } }: Revised<Signal>): boolean => answeredBy === undefined;

/** Raises what the alarms and refused runs say now, and closes what was about a champion that is gone. */
const takeInSignals = async (
  model: string,
  facts: Parameters<typeof raiseSignals>[0] | undefined,
  waiting: readonly Signal[],
  { registry }: StateNeeds,
): Promise<readonly Revised<Signal>[]> => {
  for (const signal of [...(facts ? raiseSignals(facts) : []), ...waiting])
    await registry.raiseSignal(signal);
  const pending = (await registry.listSignals(model)).filter(isPending);
  const isObsolete = ({ body }: Revised<Signal>) =>
    body.version !== undefined && body.version !== facts?.champion;
  for (const { body } of pending.filter(isObsolete))
    await registry.closeSignal(
      model,
      body.signalId,
      `version ${body.version} is the champion no more, so that its alarms are over`,
    );
  return pending.filter((found) => !isObsolete(found));
};

/** Lists lag: a run that has just ended is still under way in them, and nobody would be woken again by its end. */
const asTheyAre = (listed: readonly Run[], registry: StateNeeds['registry']): Promise<readonly Run[]> =>
  Promise.all(
    listed.map(async (run) =>
      run.status === 'running' ? ((await findRun(run.runId, registry)) ?? run) : run,
    ),
  );

/** Newest first, the run that was decided on last among them. */
const withLeased = (runs: readonly Run[], leased: Run | undefined): readonly Run[] =>
  leased === undefined
    ? runs
    : [leased, ...runs.filter(({ runId }) => runId !== leased.runId)].toSorted((a, b) =>
        a.startedAt > b.startedAt ? -1 : Number(a.startedAt < b.startedAt),
      );

/** The rows of the files that were dropped with what labels told. */
const labelledRowsOf = (realised: readonly RealisedWindow[]): ReadonlyMap<string, number> =>
  new Map(
    realised.flatMap(({ trainingKey, trainingRows }) =>
      trainingKey === undefined || trainingRows === undefined ? [] : [[trainingKey, trainingRows] as const],
    ),
  );

/** What labels took in the window judged last: sooner no new model can be told from the one before. */
const labelDelayHours = (realised: readonly RealisedWindow[]): number =>
  Math.ceil(
    realised.find(({ judgedAt, delayHours }) => judgedAt !== undefined && delayHours !== undefined)
      ?.delayHours ?? 0,
  );

/** Reads the whole state of a model, and keeps what asks for a new one. */
export const readState = async (model: string, services: StateNeeds): Promise<ModelState> => {
  const { registry, alarms, clock } = services;
  // Before the route: a run that has ended by then has moved it, so that no run is started for the champion before.
  const [lease, listed] = await Promise.all([
    registry.findLease(model),
    registry.listRuns(model, { limit: runsRead }),
  ]);
  const runs = withLeased(
    await asTheyAre(listed, registry),
    lease && (await leasedRun(lease.body, registry)),
  );
  const [{ revision, spec }, route, reigns, batches, judgements, windows, realised, lanes, signals, pause] =
    await Promise.all([
      registry.getSpec(model),
      registry.getRoute(model),
      registry.listReigns(model),
      registry.listBatches(model, { limit: batchesRead }),
      registry.listBatchJudgements(model, { limit: batchesRead }),
      registry.listWindows(model, { limit: windowsRead }),
      registry.listRealisedWindows(model, { limit: realisedRead }),
      alarms.states(model),
      registry.listSignals(model),
      registry.findPause(model),
    ]);
  const { champion } = route;
  const [reign] = reigns;
  const at = new Date(clock.now()).toISOString();
  const { windowHours } = spec.monitor;
  const known = signals.map(({ body }) => body);
  const facts =
    champion === undefined || reign === undefined
      ? undefined
      : {
          model,
          champion,
          championSince: reign.since,
          when: spec.retrain.when,
          alarms: lanes,
          windowHours,
          windows,
          realised,
          known,
          runs,
          at,
        };
  const pending = await takeInSignals(model, facts, raiseAlone({ known, runs, judgements, at }), services);
  const quality = lanes.find(({ lane, state }) => lane === 'data-quality' && state === 'alarm');
  const isDataBad = quality !== undefined && facts !== undefined && isOwnBreach('data-quality', facts);
  const state: RetrainingState = {
    ...readHistory({
      runs,
      batches,
      judgements,
      rowsOfFile: labelledRowsOf(realised),
      nowMs: clock.now(),
    }),
    signals: pending.map(({ body }) => body),
    ...(pause && { pause }),
    ...(champion !== undefined && reign && { champion: { version: champion, since: reign.since } }),
    coolDownHours: Math.max(
      spec.retrain.coolDownHours,
      alarmSpanHours(windowHours),
      labelDelayHours(realised),
    ),
    minNewRows: spec.retrain.minNewRows,
    ...(isDataBad && { dataQualityAlarm: `the data-quality alarm rings since ${quality.since}` }),
  };
  return {
    state,
    pending,
    lease,
    specRevision: revision,
    latestBatch: batches.find(hasRows),
    latestWindowEnd: windows[0]?.windowEnd,
    runs,
  };
};
