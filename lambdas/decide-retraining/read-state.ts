import type { RealisedWindow } from '../../lib/domain/labels/index.ts';
import { alarmSpanHours } from '../../lib/domain/lane-alarms/index.ts';
import type { Batch, Run } from '../../lib/domain/registry/index.ts';
import {
  hasRows,
  isOwnBreach,
  type Lease,
  type RetrainingState,
  raiseSignals,
  readHistory,
  type Signal,
} from '../../lib/domain/retraining/index.ts';
import type { Services } from '../services.ts';
import { leasedRun } from './find-run.ts';

type Needs = Pick<Services, 'registry' | 'alarms' | 'clock'>;

/** Far more runs than any bound of the controller looks back. */
const runsRead = 200;
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

/** Raises what the alarms say now, and closes what was about a champion that is gone. */
const takeInSignals = async (
  model: string,
  facts: Parameters<typeof raiseSignals>[0] | undefined,
  { registry }: Needs,
): Promise<readonly Revised<Signal>[]> => {
  for (const signal of facts ? raiseSignals(facts) : []) await registry.raiseSignal(signal);
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
export const readState = async (model: string, services: Needs): Promise<ModelState> => {
  const { registry, alarms, clock } = services;
  const [
    { revision, spec },
    route,
    reigns,
    listed,
    batches,
    windows,
    realised,
    lanes,
    signals,
    pause,
    lease,
  ] = await Promise.all([
    registry.getSpec(model),
    registry.getRoute(model),
    registry.listReigns(model),
    registry.listRuns(model, { limit: runsRead }),
    registry.listBatches(model, { limit: runsRead }),
    registry.listWindows(model, { limit: windowsRead }),
    registry.listRealisedWindows(model, { limit: realisedRead }),
    alarms.states(model),
    registry.listSignals(model),
    registry.findPause(model),
    registry.findLease(model),
  ]);
  const runs = withLeased(listed, lease && (await leasedRun(lease.body, registry)));
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
  const pending = await takeInSignals(model, facts, services);
  const quality = lanes.find(({ lane, state }) => lane === 'data-quality' && state === 'alarm');
  const isDataBad = quality !== undefined && facts !== undefined && isOwnBreach('data-quality', facts);
  const state: RetrainingState = {
    ...readHistory(runs, batches, labelledRowsOf(realised)),
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
