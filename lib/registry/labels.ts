import { LabelFile, LabelIntake } from '../domain/labels/index.ts';
import { byTime, keys, lists } from '../domain/registry/index.ts';
import { isMillraceError } from '../wire/errors.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

export type NewLabelFile = Pick<LabelFile, 'model' | 'key' | 'etag' | 'sizeBytes' | 'modifiedAt'>;

/** What became of a file: its counts, or why nothing of it could be read. */
export type TakenLabelFile = Pick<
  LabelFile,
  'key' | 'etag' | 'rows' | 'taken' | 'refused' | 'oldestAt' | 'because'
>;

/** Few enough for a look to get on, and enough to be worth its while: where labels are posted one by one they are many. */
const filesPerIntake = 1000;
/** A body has 350 KB; a key up to 1 KB, most of them a tenth. */
const keyBytesPerIntake = 200_000;
/** The index may still list what the intake before has taken: so much further is looked. */
const filesLookedAt = 2 * filesPerIntake;
/** Files marked at once. */
const marksAtOnce = 16;
/** What one intake reads, beyond its first file: they are on one disk together, unpacked. */
const bytesPerIntake = 1e9;
/** What is packed becomes about so many times as large. */
const packedTimes = 8;

/** Pending and taken files are two lists of the index. */
const fileWrite = (file: LabelFile) => {
  const key = keys.labelFile(file.model, file.key, file.etag);
  const isPending = file.status === 'pending';
  const index = isPending
    ? { partition: lists.pendingLabelFiles(file.model), sort: byTime(file.notedAt, key.sort) }
    : { partition: lists.takenLabelFiles(file.model), sort: byTime(file.takenAt ?? '', key.sort) };
  return { ...key, body: toBody(file), index };
};

const noteLabelFile = async (context: RegistryContext, file: NewLabelFile) => {
  const labelFile: LabelFile = { ...file, notedAt: nowOf(context), status: 'pending' };
  try {
    await context.records.put({ ...fileWrite(labelFile), condition: 'absent' });
    return { isNew: true };
  } catch (error) {
    if (!isMillraceError(error, 'RECORD_CONFLICT')) throw error;
    return { isNew: false };
  }
};

const findFile = (context: RegistryContext, model: string, { key, etag }: { key: string; etag: string }) =>
  find(context.records, keys.labelFile(model, key, etag), LabelFile);

const pendingLabelFiles = (
  context: RegistryContext,
  model: string,
  options: { readonly limit?: number } = {},
): Promise<readonly LabelFile[]> =>
  listAll(
    context.records,
    { partition: lists.pendingLabelFiles(model), useIndex: true, ...options },
    LabelFile,
  );

/** The first files that fit on a disk together; of the oldest there is always one. */
const firstOf = (files: readonly LabelFile[]): readonly LabelFile[] => {
  let [bytes, keyBytes] = [0, 0];
  const within = files.slice(0, filesPerIntake).findIndex((file, place) => {
    bytes += file.sizeBytes * (/\.(gz|parquet)$/.test(file.key) ? packedTimes : 1);
    keyBytes += Buffer.byteLength(`${file.key}${file.etag}`) + 32;
    return place > 0 && (bytes > bytesPerIntake || keyBytes > keyBytesPerIntake);
  });
  return files.slice(0, within < 0 ? filesPerIntake : within);
};

const openLabelIntake = async (context: RegistryContext, model: string): Promise<readonly LabelFile[]> => {
  const gate = await find(context.records, keys.labelIntake(model), LabelIntake);
  const open = gate?.body.files ?? [];
  if (open.length > 0) {
    const found = await Promise.all(open.map((file) => findFile(context, model, file)));
    const files = found.flatMap((file) => file?.body ?? []);
    // All taken: whoever took them died before closing the intake.
    if (files.some(({ status }) => status === 'pending')) return files;
  }
  // The index may still list a file that was just taken: the record itself tells.
  const listed = await pendingLabelFiles(context, model, { limit: filesLookedAt });
  const found = await Promise.all(listed.map((file) => findFile(context, model, file)));
  const files = firstOf(found.flatMap((file) => (file?.body.status === 'pending' ? [file.body] : [])));
  if (files.length === 0) return [];
  await context.records.put({
    ...keys.labelIntake(model),
    body: { files: files.map(({ key, etag }) => ({ key, etag })) },
    condition: unchangedSince(gate),
  });
  return files;
};

const markTaken = (context: RegistryContext, model: string, outcome: TakenLabelFile) =>
  untilWon(async () => {
    const found = await findFile(context, model, outcome);
    if (found?.body.status !== 'pending') return;
    const taken: LabelFile = { ...found.body, ...outcome, status: 'taken', takenAt: nowOf(context) };
    await context.records.put({ ...fileWrite(taken), condition: unchangedSince(found) });
  });

/** Opens the way for the next files, if the intake is still the one that ended. */
const closeIntake = (context: RegistryContext, model: string, files: readonly TakenLabelFile[]) =>
  untilWon(async () => {
    const gate = await find(context.records, keys.labelIntake(model), LabelIntake);
    const isOurs = gate?.body.files.every(({ key, etag }) =>
      files.some((file) => file.key === key && file.etag === etag),
    );
    if (gate === undefined || gate.body.files.length === 0 || !isOurs) return;
    await context.records.put({
      ...keys.labelIntake(model),
      body: { files: [] },
      condition: unchangedSince(gate),
    });
  });

/** Files of labels, from their arrival until their rows are taken in. */
export const labelRegistry = (context: RegistryContext) => ({
  /** Keeps a file once, by its key and etag, whether or not its model is known yet. */
  noteLabelFile: (file: NewLabelFile): Promise<{ readonly isNew: boolean }> => noteLabelFile(context, file),

  /** Oldest first. From the index: for a moment a file just noted may be missing, one just taken be there still. */
  pendingLabelFiles: (
    model: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly LabelFile[]> => pendingLabelFiles(context, model, options),

  /**
   * The files to take in next, 1,000 at most, oldest first: those of the intake that is open, else the first that are
   * pending, which is then the open intake. Empty when nothing waits. Whoever asks before it is closed gets the same
   * files, some of which may be taken by then.
   */
  openLabelIntake: (model: string): Promise<readonly LabelFile[]> =>
    untilWon(() => openLabelIntake(context, model)),

  /** Marks one file as taken, with its counts; what was marked first stands. */
  markLabelFileTaken: (model: string, outcome: TakenLabelFile): Promise<void> =>
    markTaken(context, model, outcome),

  /** Marks the files of an intake as taken and closes it. */
  closeLabelIntake: async (model: string, outcomes: readonly TakenLabelFile[]): Promise<void> => {
    for (let from = 0; from < outcomes.length; from += marksAtOnce)
      await Promise.all(
        outcomes.slice(from, from + marksAtOnce).map((outcome) => markTaken(context, model, outcome)),
      );
    await closeIntake(context, model, outcomes);
  },

  /** The files taken last, newest first. */
  listTakenLabelFiles: (
    model: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly LabelFile[]> =>
    listAll(
      context.records,
      { partition: lists.takenLabelFiles(model), useIndex: true, direction: 'descending', ...options },
      LabelFile,
    ),
});
