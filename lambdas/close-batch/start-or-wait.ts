import type { Arrival } from '../../lib/domain/registry/index.ts';
import { newDataSignal } from '../../lib/domain/retraining/index.ts';
import { type Needs as DecideNeeds, decideModel } from '../decide-retraining/decide-model.ts';
import type { Services } from '../services.ts';
import { type Kept, sayWaits } from './say.ts';

interface OfBatch {
  readonly model: string;
  readonly batchId: string;
}
type Needs = Omit<DecideNeeds, 'alarms'>;

/** What lanes say neither starts nor stops a run on new data: the controller has its own look at them. */
const noAlarms: Pick<Services['alarms'], 'states'> = { states: async () => [] };

/** What arrived, for people. */
export const whatArrived = (files: readonly Pick<Arrival, 'key'>[]): string =>
  `${files.length} file(s) arrived: ${files
    .map(({ key }) => key.split('/').at(-1))
    .join(', ')
    .slice(0, 300)}`;

/**
 * Has the controller start the run of a batch that was dropped where a model serves: one run at a time. What cannot start
 * now is kept as a signal, which the end of the run under way wakes the controller for, and people are told.
 */
export const startOrWait = async (
  { model, batchId }: OfBatch,
  files: readonly Pick<Arrival, 'key'>[],
  services: Needs,
): Promise<{ readonly status: 'started'; readonly runId: string } | Kept> => {
  const { registry, clock } = services;
  const at = new Date(clock.now()).toISOString();
  const signal = newDataSignal({ model, batchId }, whatArrived(files), at);
  await registry.raiseSignal(signal);
  const { because } = await decideModel(model, { ...services, alarms: noAlarms });
  const signals = await registry.listSignals(model);
  const runId = signals.find(({ body }) => body.signalId === signal.signalId)?.body.answeredBy;
  return runId === undefined ? sayWaits({ model, batchId }, because, services) : { status: 'started', runId };
};
