import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Span } from '../../lib/domain/drift/index.ts';
import {
  isCaptured,
  type LabelLine,
  type LabelTable,
  labelTable,
  predictedAtOf,
  rowKeyOf,
} from '../../lib/domain/labels/index.ts';
import type { ObjectHead } from '../../lib/ports/object-store.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { headsUnder } from '../objects-under.ts';
import type { Services } from '../services.ts';
import { hourMs, isWholeGzip, linesOfGzip } from './captured-files.ts';

type Needs = Pick<Services, 'objects' | 'signal'>;

const dayMs = 24 * hourMs;

/** The days a span touches. */
const daysOf = ({ from, to }: Span): readonly string[] =>
  Array.from({ length: Math.max(0, Math.ceil(to / dayMs) - Math.floor(from / dayMs)) }, (_, index) =>
    new Date((Math.floor(from / dayMs) + index) * dayMs).toISOString().slice(0, 10),
  );

/** Of an id-named label's folder: the hour it is about. */
const hourOfKey = (key: string): number => {
  const [, day, hour] = /\/dt=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\//.exec(key) ?? [];
  return Date.parse(`${day}T${hour}:00:00.000Z`);
};

const sizeOf = (heads: readonly ObjectHead[]): number =>
  heads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

export interface LabelObjects {
  /** By the hour of the predictions they name. */
  readonly byId: readonly string[];
  /** Those that name rows by key. */
  readonly byKey: readonly string[];
  /** Their sizes together, and those of the ones by key, which are held all at once. */
  readonly bytes: number;
  readonly keyedBytes: number;
}

/**
 * Finds the label objects that may tell of a span of predictions: by id those of its hours, by key those that came since
 * it began. Each day is listed once.
 */
export const labelObjects = (
  model: string,
  { hasKey, nowMs }: { readonly hasKey: boolean; readonly nowMs: number },
  services: Needs,
) => {
  const listed = new Map<string, Promise<readonly ObjectHead[]>>();
  const list = (prefix: string): Promise<readonly ObjectHead[]> => {
    const known = listed.get(prefix) ?? headsUnder(prefix, services);
    listed.set(prefix, known);
    return known;
  };
  const listAll = async (prefixes: readonly string[]) => (await Promise.all(prefixes.map(list))).flat();
  return async (span: Span): Promise<LabelObjects> => {
    // An id is made a moment before its prediction is captured, perhaps in the hour before.
    const hours = { from: Math.floor(span.from / hourMs) * hourMs - hourMs, to: span.to };
    const inDays = await listAll(daysOf(hours).map((day) => objectKeys.labelledDay(model, day)));
    const byId = inDays.filter(({ key }) => hourOfKey(key) >= hours.from && hourOfKey(key) < hours.to);
    const since = daysOf({ from: span.from, to: nowMs + 1 });
    const byKey = hasKey ? await listAll(since.map((day) => objectKeys.labelledKeyed(model, day))) : [];
    return {
      byId: byId.map(({ key }) => key),
      byKey: byKey.map(({ key }) => key),
      bytes: sizeOf([...byId, ...byKey]),
      keyedBytes: sizeOf(byKey),
    };
  };
};

/** Names of label objects are digests of their content: the same names are the same labels. */
export const digestOf = ({ byId, byKey }: Pick<LabelObjects, 'byId' | 'byKey'>): string =>
  hash('sha256', [...byId, ...byKey].toSorted().join('\n'));

/** What the intake wrote was checked there; a line that is none of its is passed over. */
const parseLine = (line: string | undefined): LabelLine | undefined => {
  try {
    const value = line === undefined || line === '' ? undefined : JSON.parse(line);
    const { receivedAt, at, label, truth } = value ?? {};
    const isLabel =
      ['string', 'number'].includes(typeof label) && typeof truth === 'object' && truth !== null;
    return isLabel && typeof receivedAt === 'string' && typeof at === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

export interface LabelReading {
  readonly span: Span;
  readonly key: readonly string[];
  /** The share of predictions that is captured: labels of the others are not missed. */
  readonly captureShare: number;
}

/** For so long after its id was made a prediction may be captured: what was asked in the last minute is the next window's. */
const graceMs = 60_000;

/**
 * Reads label objects into tables. Memory: one table an hour and one for all keys, some 70 bytes a label. What cannot be
 * read to its end is left out and named.
 */
export const labelReader = (
  { span, key, captureShare }: LabelReading,
  folder: string,
  { objects, signal }: Needs,
) => {
  const skipped: string[] = [];
  const add = (table: LabelTable, line: LabelLine): void => {
    const { predictionId } = line;
    if (predictionId !== undefined) {
      const madeMs = predictedAtOf(predictionId) ?? 0;
      const isAwaited =
        madeMs >= span.from && madeMs < span.to - graceMs && isCaptured(predictionId, captureShare);
      table.add(predictionId, line, isAwaited);
      return;
    }
    const name = rowKeyOf(key, line.key ?? {});
    // A row is predicted when somebody asks: that of a key may be in another window.
    if (name !== undefined) table.add(name, line, false);
  };
  const readInto = async (table: LabelTable, keys: readonly string[]): Promise<LabelTable> => {
    const filePath = path.join(folder, 'labelled.ndjson.gz');
    for (const objectKey of keys) {
      signal?.throwIfAborted();
      try {
        await objects.download(objectKey, filePath);
        if (!(await isWholeGzip(filePath))) {
          skipped.push(objectKey);
          continue;
        }
        for await (const lines of linesOfGzip(filePath))
          for (const text of lines) {
            const line = parseLine(text);
            if (line) add(table, line);
          }
      } finally {
        await rm(filePath, { force: true });
      }
    }
    return table;
  };
  return {
    hour: ({ byId }: LabelObjects, hour: number): Promise<LabelTable> =>
      readInto(
        labelTable(),
        byId.filter((objectKey) => hourOfKey(objectKey) === hour),
      ),
    keyed: ({ byKey }: LabelObjects): Promise<LabelTable> => readInto(labelTable(), byKey),
    skipped: (): readonly string[] => skipped,
  };
};
