import { hash } from 'node:crypto';
import path from 'node:path';
import { isAboutEngine } from '../../lib/adapters/duckdb/duckdb-faults.ts';
import { type LabelRow, type ReadFile, readLabels } from '../../lib/adapters/duckdb/read-labels.ts';
import type { SourceFile } from '../../lib/adapters/duckdb/source-bytes.ts';
import { sha256OfFile } from '../../lib/adapters/shared/sha256-of-file.ts';
import { sourceFormatOf } from '../../lib/domain/dataset/index.ts';
import { judgeLabel, type LabelFile, type LabelLine, predictedAtOf } from '../../lib/domain/labels/index.ts';
import type { TakenLabelFile } from '../../lib/registry/index.ts';
import { isMillraceError, MillraceError } from '../../lib/wire/errors.ts';
import type { JsonObject } from '../../lib/wire/json.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';
import { type LabelRules, labelRules } from './take-labels-facts.ts';
import { lineObjects } from './take-labels-lines.ts';

export type TakeLabelsNeeds = Pick<
  Services,
  'objects' | 'registry' | 'notifier' | 'withScratchFolder' | 'dataEngine' | 'signal' | 'clock'
>;

export interface TakenLabels {
  readonly files: number;
  readonly rows: number;
  readonly taken: number;
  readonly refused: number;
}

interface Fetched {
  readonly file: LabelFile;
  readonly source: SourceFile;
}

/** No intake begins later than this in one look: however many files come, those of other models get their turn. */
const longestMs = 8 * 60_000;

/** How many files are fetched at once: posted ones are small and many. */
const atOnce = 32;

/** A file on the disk, or why nothing of it can be read. */
const fetchFile = async (
  file: LabelFile,
  filePath: string,
  { objects, signal }: TakeLabelsNeeds,
): Promise<Fetched | string> => {
  const { key, etag } = file;
  const format = sourceFormatOf(key);
  if (format === undefined)
    return new MillraceError('DATA_FORMAT_UNKNOWN', `${key} has a name that says nothing of its format`)
      .message;
  try {
    await objects.download(key, filePath, { etag, signal });
    return { file, source: { filePath, key, format, sha256: await sha256OfFile(filePath, { signal }) } };
  } catch (error) {
    // What stands there now was noted as a file of its own.
    if (isMillraceError(error, 'OBJECT_CHANGED') || isMillraceError(error, 'OBJECT_NOT_FOUND'))
      return error.message;
    throw error;
  }
};

const fetchAll = async (files: readonly LabelFile[], folder: string, services: TakeLabelsNeeds) => {
  const fetched: (Fetched | string)[] = [];
  for (let from = 0; from < files.length; from += atOnce)
    fetched.push(
      ...(await Promise.all(
        files
          .slice(from, from + atOnce)
          .map((file, index) => fetchFile(file, path.join(folder, `file-${from + index}`), services)),
      )),
    );
  return fetched;
};

const nothing: JsonObject = Object.freeze({});
const objectOf = (text: string): JsonObject => (text === '{}' ? nothing : JSON.parse(text));

/** The folder of a label: by the hour of the prediction it names, else by the day its file came. */
const folderOf = (model: string, { predictionId, receivedAt }: LabelLine): string => {
  if (predictionId === undefined) return objectKeys.labelledKeyed(model, receivedAt.slice(0, 10));
  const at = new Date(predictedAtOf(predictionId) ?? 0).toISOString();
  return objectKeys.labelledHour(model, at.slice(0, 10), at.slice(11, 13));
};

/** Takes rows one by one, and counts what became of them, by file and by reason. */
const rowTaker = (
  model: string,
  fetched: readonly Fetched[],
  { facts }: LabelRules,
  services: TakeLabelsNeeds,
) => {
  const good = lineObjects({ objects: services.objects, extension: '.ndjson.gz' });
  const bad = lineObjects({ objects: services.objects, extension: '.jsonl' });
  const counts = fetched.map(() => ({ taken: 0, refused: 0, oldestMs: Number.POSITIVE_INFINITY }));
  const reasons = new Map<string, number>();

  const refuse = async (place: number, row: number, because: string, details: object): Promise<void> => {
    const count = counts[place];
    if (count) count.refused += 1;
    reasons.set(because, (reasons.get(because) ?? 0) + 1);
    const source = fetched[place]?.file.key;
    await bad.add(`quarantine/${model}/labels/`, { source, row, because, ...details });
  };

  const take = async ({ place, row, ...rest }: LabelRow): Promise<void> => {
    const file = fetched[place]?.file;
    if (file === undefined) return;
    const [key, truth] = [objectOf(rest.key), objectOf(rest.truth)];
    const told = {
      predictionId: rest.id ?? undefined,
      at: rest.at ?? undefined,
      label: rest.label ?? undefined,
      target: rest.target ?? undefined,
      computed: rest.computed ?? undefined,
    };
    const judged = judgeLabel({ source: file.key, row, key, truth, ...told }, facts, file.notedAt);
    if (!('line' in judged)) {
      const shown = Object.fromEntries(Object.entries(key).filter(([name]) => !facts.hidden.includes(name)));
      return refuse(place, row, judged.because, { found: judged.found, ...told, key: shown, truth });
    }
    await good.add(folderOf(model, judged.line), judged.line);
    const count = counts[place];
    if (count === undefined) return;
    count.taken += 1;
    const { predictionId } = judged.line;
    const madeMs = predictionId === undefined ? undefined : predictedAtOf(predictionId);
    count.oldestMs = Math.min(count.oldestMs, madeMs ?? count.oldestMs);
  };

  return {
    take,
    refuse,
    close: async () => {
      await good.close();
      return { counts, reasons, quarantined: await bad.close() };
    },
  };
};

type Ended = Awaited<ReturnType<ReturnType<typeof rowTaker>['close']>>;

const outcomesOf = (
  files: readonly LabelFile[],
  fetched: readonly (Fetched | string)[],
  read: readonly ReadFile[],
  { counts }: Ended,
): readonly TakenLabelFile[] => {
  let place = -1;
  return files.map(({ key, etag }, index) => {
    const found = fetched[index];
    if (typeof found === 'string') return { key, etag, rows: 0, taken: 0, refused: 0, because: found };
    place += 1;
    const file = read[place];
    const { taken = 0, refused = 0, oldestMs = Number.POSITIVE_INFINITY } = counts[place] ?? {};
    const oldestAt = Number.isFinite(oldestMs) && { oldestAt: new Date(oldestMs).toISOString() };
    if (file === undefined || 'because' in file)
      return { key, etag, rows: 0, taken: 0, refused: 0, because: file?.because ?? 'it was not read' };
    return { key, etag, rows: file.rows, taken, refused, ...oldestAt };
  });
};

const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((total, number = 0) => total + number, 0);

/** Says once, for the same files, what was refused of them. */
const tellRefused = async (
  model: string,
  outcomes: readonly TakenLabelFile[],
  { reasons, quarantined }: Ended,
  { notifier }: TakeLabelsNeeds,
): Promise<void> => {
  const refused = sum(outcomes.map((outcome) => outcome.refused));
  const unread = outcomes.filter(({ because }) => because !== undefined);
  if (refused === 0 && unread.length === 0) return;
  const rows = sum(outcomes.map((outcome) => outcome.rows));
  const most = [...reasons].toSorted(([, a], [, b]) => b - a).slice(0, 5);
  const id = hash('sha256', JSON.stringify(outcomes.map(({ key, etag }) => [key, etag])));
  await notifier.notify({
    id: `labels-refused-${model}-${id.slice(0, 32)}`,
    kind: 'data-refused',
    model,
    subject: `${refused} of ${rows} label(s) were refused${unread.length > 0 ? `, and ${unread.length} file(s) could not be read` : ''}`,
    text: [
      ...most.map(([because, count]) => `${because}: ${count} row(s)`),
      ...unread.slice(0, 5).map(({ because }) => because),
      ...(quarantined.length > 0 ? [`The rows are kept, each with its reason: ${quarantined[0]}`] : []),
    ].join('\n'),
  });
};

/** Files that were taken by somebody who died before saying so are taken again: into the same objects. */
const takeTogether = (
  model: string,
  files: readonly LabelFile[],
  rules: LabelRules,
  services: TakeLabelsNeeds,
): Promise<readonly TakenLabelFile[]> =>
  services.withScratchFolder(async (folder) => {
    const fetched = await fetchAll(files, folder, services);
    const readable = fetched.filter((found) => typeof found !== 'string');
    const taker = rowTaker(model, readable, rules, services);
    const read = await readLabels({
      ...rules.reading,
      ...services.dataEngine,
      files: readable.map(({ source }) => source),
      folder: path.join(folder, 'engine'),
      signal: services.signal,
      onRows: async (rows) => {
        services.signal?.throwIfAborted();
        for (const row of rows) await taker.take(row);
      },
      onRejected: ({ place, row, because, raw }) => taker.refuse(place, row, because, { raw }),
    });
    const ended = await taker.close();
    const outcomes = outcomesOf(files, fetched, read, ended);
    await tellRefused(model, outcomes, ended, services);
    return outcomes;
  });

/** Of one file, what it takes is its own matter; of several it is not known whose. */
const isTooMuch = (error: unknown): error is Error =>
  isAboutEngine(error) || isMillraceError(error, 'STORAGE_FULL') || isMillraceError(error, 'DATA_TOO_SLOW');

/** A file that is more than the machine can do stops no other, nor itself for ever: a full disk is waited for. */
const takeAlone = async (
  model: string,
  file: LabelFile,
  rules: LabelRules,
  services: TakeLabelsNeeds,
): Promise<readonly TakenLabelFile[]> => {
  try {
    return await takeTogether(model, [file], rules, services);
  } catch (error) {
    if (!isTooMuch(error) || isMillraceError(error, 'STORAGE_FULL')) throw error;
    const { key, etag } = file;
    const because = new MillraceError('DATA_TOO_LARGE', `${key} is more than can be read at once`).message;
    const outcomes = [{ key, etag, rows: 0, taken: 0, refused: 0, because }];
    await tellRefused(model, outcomes, { counts: [], reasons: new Map(), quarantined: [] }, services);
    return outcomes;
  }
};

/** Together where the machine can: lines of one hour are then one object. */
const takeFiles = async (
  model: string,
  files: readonly LabelFile[],
  rules: LabelRules,
  services: TakeLabelsNeeds,
): Promise<readonly TakenLabelFile[]> => {
  try {
    if (files.length > 1) return await takeTogether(model, files, rules, services);
  } catch (error) {
    if (!isTooMuch(error)) throw error;
  }
  const outcomes: TakenLabelFile[] = [];
  for (const file of files) {
    services.signal?.throwIfAborted();
    outcomes.push(...(await takeAlone(model, file, rules, services)));
  }
  return outcomes;
};

/**
 * Takes in the files of labels that wait for a model: each good row becomes a line under `labelled/`, each bad one is kept
 * under `quarantine/` with its reason, and people are told once. Done again after a crash it writes the same objects.
 * Nothing is taken while no version serves: the files wait. What eight minutes are too short for is left to the next look.
 */
export const takeLabels = async (model: string, services: TakeLabelsNeeds): Promise<TakenLabels> => {
  const { registry, signal, clock } = services;
  const startedAt = clock.now();
  const outcomes: TakenLabelFile[] = [];
  // Most looks find nothing: the rules are only read when something waits.
  const waiting = await registry.pendingLabelFiles(model, { limit: 1 });
  const rules = waiting.length === 0 ? undefined : await labelRules(model, services);
  while (rules !== undefined && clock.now() - startedAt < longestMs) {
    signal?.throwIfAborted();
    const files = await registry.openLabelIntake(model);
    if (files.length === 0) break;
    const taken = await takeFiles(model, files, rules, services);
    await registry.closeLabelIntake(model, taken);
    outcomes.push(...taken);
  }
  return {
    files: outcomes.length,
    rows: sum(outcomes.map(({ rows }) => rows)),
    taken: sum(outcomes.map(({ taken }) => taken)),
    refused: sum(outcomes.map(({ refused }) => refused)),
  };
};
