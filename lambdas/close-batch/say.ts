import type { Arrival } from '../../lib/domain/registry/index.ts';
import type { Services } from '../services.ts';

interface OfBatch {
  readonly model: string;
  readonly batchId: string;
}
type Needs = Pick<Services, 'registry' | 'notifier'>;

export interface NothingNew {
  readonly status: 'nothing-new';
  readonly because: string;
}

export interface Kept {
  readonly status: 'kept';
  readonly because: string;
}

/** Writes it into the audit, unless an attempt that died has got as far. */
const noteOnce = async (
  { model, batchId }: OfBatch,
  action: string,
  why: string,
  { registry }: Pick<Needs, 'registry'>,
): Promise<void> => {
  const entries = await registry.listAudit({ model });
  if (entries.some((entry) => entry.action === action && entry.details?.batchId === batchId)) return;
  await registry.noteAudit({ model, action, by: 'millrace', why, details: { batchId } });
};

/** Says, once for one batch, that it starts nothing. */
export const sayNothingNew = async (
  { model, batchId }: OfBatch,
  because: string,
  { registry, notifier }: Needs,
): Promise<NothingNew> => {
  await noteOnce({ model, batchId }, 'batch-known', because, { registry });
  await notifier.notify({
    id: `known-${batchId}`,
    kind: 'note',
    model,
    subject: 'Nothing new arrived',
    text: because,
  });
  return { status: 'nothing-new', because };
};

/** Says, once for one batch, that its rows wait for the next retraining. */
export const sayKept = async ({ model, batchId }: OfBatch, { registry, notifier }: Needs): Promise<Kept> => {
  const because = 'retrain.when does not name "new-data": the rows wait for the next retraining';
  await noteOnce({ model, batchId }, 'batch-kept', because, { registry });
  await notifier.notify({
    id: `kept-${batchId}`,
    kind: 'note',
    model,
    subject: 'New data is kept for the next retraining',
    text: because,
  });
  return { status: 'kept', because };
};

/** Says, once for one batch, what its run waits for, and how to end that. */
export const sayWaits = async (
  { model, batchId }: OfBatch,
  reasons: readonly string[],
  { registry, notifier }: Needs,
): Promise<Kept> => {
  const because = `${reasons.join('; ')}: the rows are trained on as soon as that is over, with all that arrives until then`;
  const wayOut = `A run may wait for a decision: \`millrace status\` shows it, and \`millrace approve ${model}\` or \`millrace reject ${model}\` ends it; \`millrace pause ${model} --resume\` ends a pause.`;
  await noteOnce({ model, batchId }, 'batch-waits', because, { registry });
  await notifier.notify({
    id: `waits-${batchId}`,
    kind: 'note',
    model,
    subject: 'New data waits',
    text: `${because}. ${wayOut}`,
  });
  return { status: 'kept', because };
};

/** Labelled predictions come with every window: the audit has them, and nobody is told. */
export const noteKeptLabels = async (
  { model, batchId }: OfBatch,
  { registry }: Pick<Needs, 'registry'>,
): Promise<Kept> => {
  const because = 'labelled predictions start no run: the rows wait for the next retraining';
  await noteOnce({ model, batchId }, 'batch-kept', because, { registry });
  return { status: 'kept', because };
};

/** Says, once for one batch, which of its files were taken away before they were read. */
export const sayGone = async (
  { model, batchId }: OfBatch,
  gone: readonly Pick<Arrival, 'key'>[],
  { notifier }: Pick<Needs, 'notifier'>,
): Promise<void> =>
  notifier.notify({
    id: `gone-${batchId}`,
    kind: 'note',
    model,
    subject: `${gone.length} file(s) were taken away before they were read`,
    text: `the batch goes on without ${gone.map(({ key }) => key).join(', ')}`,
  });
