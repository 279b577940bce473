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

/** Whether an attempt that died has got as far as the audit. */
const isNoted = async (
  { model, batchId }: OfBatch,
  { registry }: Pick<Needs, 'registry'>,
): Promise<boolean> =>
  (await registry.listAudit({ model })).some(
    ({ action, details }) => action === 'batch-known' && details?.batchId === batchId,
  );

/** Says, once for one batch, that it starts nothing. */
export const sayNothingNew = async (
  { model, batchId }: OfBatch,
  because: string,
  { registry, notifier }: Needs,
): Promise<NothingNew> => {
  if (!(await isNoted({ model, batchId }, { registry })))
    await registry.noteAudit({
      model,
      action: 'batch-known',
      by: 'millrace',
      why: because,
      details: { batchId },
    });
  await notifier.notify({
    id: `known-${batchId}`,
    kind: 'note',
    model,
    subject: 'Nothing new arrived',
    text: because,
  });
  return { status: 'nothing-new', because };
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
