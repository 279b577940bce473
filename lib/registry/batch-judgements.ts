import { BatchJudgement, type BatchState, keys, lists } from '../domain/registry/index.ts';
import { MillraceError } from '../wire/errors.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

export type NewBatchJudgement = Omit<BatchJudgement, 'at' | 'acceptance' | 'objection'>;

/** What a person says to a batch, and why. */
export interface DecideBatch {
  readonly model: string;
  readonly batchId: string;
  readonly by: string;
  readonly why: string;
}

/** `isNew` is false for a batch that was not in quarantine, or was already: there was nothing to decide. */
export interface DecidedBatch {
  readonly isNew: boolean;
  readonly judgement: BatchJudgement;
}

const findJudgement = (context: RegistryContext, model: string, batchId: string) =>
  find(context.records, keys.batchJudgement(model, batchId), BatchJudgement);

const recordBatchJudgement = async (
  context: RegistryContext,
  given: NewBatchJudgement,
): Promise<{ readonly isNew: boolean; readonly judgement: BatchJudgement }> => {
  const { model, batchId, state } = given;
  const found = await findJudgement(context, model, batchId);
  if (found !== undefined && (found.body.state !== 'unjudged' || state === 'unjudged'))
    return { isNew: false, judgement: found.body };
  const judgement: BatchJudgement = { ...given, at: nowOf(context) };
  const reasons = given.gate.filter(({ verdict }) => verdict === 'fail').map(({ because }) => because);
  const audit = auditWrite(context, {
    model,
    action: 'batch-quarantined',
    by: 'millrace',
    why: reasons.join('; '),
    details: { batchId, runId: given.runId },
  });
  await context.records.transact([
    {
      ...keys.batchJudgement(model, batchId),
      body: toBody(judgement),
      condition: unchangedSince(found),
    },
    ...(state === 'quarantined' ? [audit] : []),
  ]);
  return { isNew: true, judgement };
};

const decided = (
  found: BatchJudgement,
  state: BatchState,
  said: NonNullable<BatchJudgement['acceptance']>,
) => {
  const { acceptance: _, objection: __, ...judged } = found;
  return { ...judged, state, ...(state === 'accepted' ? { acceptance: said } : { objection: said }) };
};

/** Into quarantine, or out of it. */
const decideBatch = async (
  context: RegistryContext,
  { model, batchId, by, why }: DecideBatch,
  state: 'accepted' | 'quarantined',
): Promise<DecidedBatch> => {
  const found = await findJudgement(context, model, batchId);
  if (found === undefined)
    throw new MillraceError('BATCH_UNKNOWN', `no run of ${model} has looked at a batch "${batchId}"`, {
      model,
      batchId,
    });
  const isInQuarantine = found.body.state === 'quarantined';
  if (isInQuarantine === (state === 'quarantined')) return { isNew: false, judgement: found.body };
  const judgement = decided(found.body, state, { by, why, at: nowOf(context) });
  await context.records.transact([
    {
      ...keys.batchJudgement(model, batchId),
      body: toBody(judgement),
      condition: unchangedSince(found),
    },
    auditWrite(context, { model, action: `batch-${state}`, by, why, details: { batchId } }),
  ]);
  return { isNew: true, judgement };
};

/** What was found of each batch when its rows were first looked at, and what people said to it. */
export const batchJudgementRegistry = (context: RegistryContext) => ({
  /**
   * Keeps the first judgement of a batch, a quarantine with its line of audit; `isNew` is false for any later one. A batch that
   * was taken in unjudged may still be judged.
   */
  recordBatchJudgement: (judgement: NewBatchJudgement) =>
    untilWon(() => recordBatchJudgement(context, judgement)),

  /** Newest batch first, when ids sort by time. */
  listBatchJudgements: (
    model: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly BatchJudgement[]> =>
    listAll(
      context.records,
      { partition: lists.batchJudgements(model), direction: 'descending', ...options },
      BatchJudgement,
    ),

  /** Lets a quarantined batch into the runs to come. The first acceptance stands. Throws BATCH_UNKNOWN. */
  acceptBatch: (request: DecideBatch): Promise<DecidedBatch> =>
    untilWon(() => decideBatch(context, request, 'accepted')),

  /** Keeps a batch that was taken in out of the runs to come, until it is accepted. Throws BATCH_UNKNOWN. */
  quarantineBatch: (request: DecideBatch): Promise<DecidedBatch> =>
    untilWon(() => decideBatch(context, request, 'quarantined')),
});
