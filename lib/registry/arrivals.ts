import {
  Arrival,
  Batch,
  BatchGate,
  byTime,
  isOlderContent,
  isSameDrop,
  keys,
  lists,
  secondOf,
} from '../domain/registry/index.ts';
import { isMillraceError } from '../wire/errors.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, listFound, toBody, unchangedSince, untilWon } from './records.ts';

export type NewArrival = Pick<Arrival, 'model' | 'key' | 'etag' | 'sizeBytes' | 'sha256' | 'modifiedAt'>;
/** `sha256`: of the content that was read, where the closer knows it by now. */
export type ArrivedFile = Pick<Arrival, 'key' | 'etag' | 'writtenSecond' | 'sha256'>;

/** Not closed: some of the files are no longer pending. Ask for what is pending and decide anew. */
export type ClosedBatch =
  | { readonly closed: true; readonly isNew: boolean; readonly batch: Batch }
  | { readonly closed: false; readonly because: string };

/** Pending arrivals are in the index; the others leave it by being written without. */
const arrivalWrite = (arrival: Arrival) => {
  const key = keys.arrival(arrival.model, arrival.key, arrival.etag, arrival.writtenSecond);
  const index = {
    partition: lists.pendingArrivals(arrival.model),
    sort: byTime(arrival.arrivedAt, key.sort),
  };
  return { ...key, body: toBody(arrival), ...(arrival.status === 'pending' && { index }) };
};

/** Oldest first; files of one millisecond by their keys. */
const inOrder = (a: Arrival, b: Arrival) =>
  byTime(a.arrivedAt, a.key) < byTime(b.arrivedAt, b.key) ? -1 : 1;

const findArrival = (context: RegistryContext, model: string, file: ArrivedFile) =>
  find(context.records, keys.arrival(model, file.key, file.etag, file.writtenSecond), Arrival);

const noteArrival = async (context: RegistryContext, file: NewArrival) => {
  const { model, key, modifiedAt } = file;
  const others = await listFound(context.records, keys.arrivalsOfObject(model, key), Arrival);
  const known = others.find((other) => isSameDrop(other.body, file));
  if (known) return { isNew: false, arrival: known.body };

  const arrivedAt = nowOf(context);
  const waiting = others.filter((other) => other.body.status === 'pending');
  const older = waiting.filter((other) => isOlderContent(other.body, file));
  const status = older.length === waiting.length ? 'pending' : 'superseded';
  const writtenSecond = modifiedAt === undefined ? {} : { writtenSecond: secondOf(modifiedAt) };
  const arrival: Arrival = { ...file, ...writtenSecond, arrivedAt, status };
  await context.records.transact([
    { ...arrivalWrite(arrival), condition: 'absent' },
    ...older.map((other) => ({
      ...arrivalWrite({ ...other.body, status: 'superseded' }),
      condition: unchangedSince(other),
    })),
  ]);
  return { isNew: true, arrival };
};

/** Remembers what a waiting file holds; of one that is not waiting any more nobody needs to know. */
const noteContent = (context: RegistryContext, model: string, file: ArrivedFile) =>
  untilWon(async () => {
    const found = await findArrival(context, model, file);
    if (found?.body.status !== 'pending' || found.body.sha256 === file.sha256) return;
    const arrival: Arrival = { ...found.body, ...(file.sha256 !== undefined && { sha256: file.sha256 }) };
    await context.records.put({ ...arrivalWrite(arrival), condition: unchangedSince(found) });
  });

/** Marks one file as taken. Superseded in between, it is taken all the same: the batch was closed with it. */
const markTaken = (context: RegistryContext, model: string, batchId: string, file: ArrivedFile) =>
  untilWon(async () => {
    const found = await findArrival(context, model, file);
    if (found === undefined || found.body.status === 'batched') return;
    const taken: Arrival = { ...found.body, status: 'batched', batchId };
    await context.records.put({ ...arrivalWrite(taken), condition: unchangedSince(found) });
  });

/** Ends what a closer that died, or is still at it, has begun: marks the files of the open batch, then opens the gate. */
const finishOpenBatch = async (context: RegistryContext, model: string): Promise<void> => {
  const gate = await find(context.records, keys.batchGate(model), BatchGate);
  const batchId = gate?.body.openBatchId;
  if (gate === undefined || batchId === undefined) return;
  const batch = await find(context.records, keys.batch(model, batchId), Batch);
  for (const file of batch?.body.arrivals ?? []) await markTaken(context, model, batchId, file);
  try {
    await context.records.put({
      ...keys.batchGate(model),
      body: { lastBatchId: batchId },
      condition: unchangedSince(gate),
    });
  } catch (error) {
    // Somebody else finished the same batch meanwhile.
    if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
  }
};

const closeBatch = async (
  context: RegistryContext,
  request: { readonly model: string; readonly batchId: string; readonly files: readonly ArrivedFile[] },
): Promise<ClosedBatch> => {
  const { model, batchId, files } = request;
  await finishOpenBatch(context, model);
  const gate = await find(context.records, keys.batchGate(model), BatchGate);
  const existing = await find(context.records, keys.batch(model, batchId), Batch);
  if (existing) return { closed: true, isNew: false, batch: existing.body };

  const arrivals: Arrival[] = [];
  for (const file of files) {
    const found = await findArrival(context, model, file);
    if (found?.body.status !== 'pending')
      return {
        closed: false,
        because: `${file.key} is ${found?.body.status ?? 'not an arrival'}, expected pending`,
      };
    arrivals.push({ ...found.body, ...(file.sha256 !== undefined && { sha256: file.sha256 }) });
  }
  const batch = Batch.parse({ model, batchId, closedAt: nowOf(context), arrivals });
  // The gate decides: it has not moved since the files were seen pending, and files are only taken through it.
  await context.records.transact([
    {
      ...keys.batchGate(model),
      body: { openBatchId: batchId, lastBatchId: batchId },
      condition: unchangedSince(gate),
    },
    { ...keys.batch(model, batchId), body: toBody(batch), condition: 'absent' },
  ]);
  await finishOpenBatch(context, model);
  return { closed: true, isNew: true, batch };
};

/** Files on their way into a dataset, and the batches that took them. */
export const arrivalRegistry = (context: RegistryContext) => ({
  /**
   * Keeps a drop once, by key, etag and the second it was written, whether or not its model is known yet. A newer one
   * supersedes a pending older one of the same key. The same content dropped again is a new arrival.
   */
  noteArrival: (file: NewArrival): Promise<{ readonly isNew: boolean; readonly arrival: Arrival }> =>
    untilWon(() => noteArrival(context, file)),

  /** Notes the sha256 of a waiting file whose content is stored: whoever goes on need not read it again. */
  noteContent: (model: string, file: ArrivedFile): Promise<void> => noteContent(context, model, file),

  /**
   * Files no batch has taken, oldest first. From the index: for a moment a file just noted may be missing, and one just
   * taken may be there still; `isPending` tells for certain, and closing a batch takes no such file.
   */
  pendingArrivals: async (model: string): Promise<readonly Arrival[]> => {
    await finishOpenBatch(context, model);
    const query = { partition: lists.pendingArrivals(model), useIndex: true };
    return (await listAll(context.records, query, Arrival)).toSorted(inOrder);
  },

  /** Whether a file is known and no batch has taken it, as of now. */
  isPending: async (model: string, file: ArrivedFile): Promise<boolean> =>
    (await findArrival(context, model, file))?.body.status === 'pending',

  /**
   * Takes the files into a batch, any number of them, all or none; no file is ever in two. The same batch id again gives
   * the batch as it was closed. Empty batches are not closed.
   */
  closeBatch: async (model: string, batchId: string, files: readonly ArrivedFile[]): Promise<ClosedBatch> =>
    files.length === 0
      ? { closed: false, because: 'no files are pending' }
      : untilWon(() => closeBatch(context, { model, batchId, files })),

  findBatch: async (model: string, batchId: string): Promise<Batch | undefined> =>
    (await find(context.records, keys.batch(model, batchId), Batch))?.body,

  /** In the order of their ids, newest first when ids sort by time. */
  listBatches: (model: string, options: { readonly limit?: number } = {}): Promise<readonly Batch[]> =>
    listAll(context.records, { partition: lists.batches(model), direction: 'descending', ...options }, Batch),
});
