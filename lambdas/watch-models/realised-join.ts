import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Baseline } from '../../lib/domain/baseline/index.ts';
import { type CapturedPrediction, cellReader, type Span } from '../../lib/domain/drift/index.ts';
import {
  type KnownLabel,
  type LabelTable,
  laterLabel,
  predictedAtOf,
  type RealisedCounts,
  realisedCounter,
  rowKeyOf,
  type TrainingColumns,
  trainingRowOf,
} from '../../lib/domain/labels/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import { type EstimatedQuality, qualityCounter, type Unknown } from '../../lib/domain/quality/index.ts';
import type { Services } from '../services.ts';
import { hourMs } from './captured-files.ts';
import { readCaptured } from './read-captured.ts';
import { type LabelObjects, labelReader } from './realised-labels.ts';
import { repeatedIds } from './repeated-ids.ts';

type Needs = Pick<Services, 'objects' | 'signal'>;

export interface JoinWindow {
  readonly model: string;
  readonly version: number;
  readonly span: Span;
  readonly spec: ModelSpec;
  readonly baseline: Baseline | undefined;
  readonly objects: LabelObjects;
  /** The share of predictions that was captured in it: labels of the others are not missed. */
  readonly captureShare: number;
  /** How joined rows are written down; absent: they are not. */
  readonly training: TrainingColumns | undefined;
}

export interface JoinedWindow {
  readonly counts: RealisedCounts;
  readonly estimate: EstimatedQuality | Unknown;
  readonly unknownLabels: number;
  /** Files of captured predictions or labels that could not be read. */
  readonly skipped: readonly string[];
  /** Gzip NDJSON in the folder; absent when no row is there to train on. */
  readonly training: { readonly filePath: string; readonly rows: number } | undefined;
}

/** Writes lines into a gzip file: the same lines, the same bytes. */
const lineWriter = (filePath: string) => {
  const gzip = createGzip();
  const file = gzip.pipe(createWriteStream(filePath));
  const isWritten = finished(file);
  // Who waits for it is told; until then nobody is.
  isWritten.catch(() => undefined);
  let [rows, waiting] = [0, ''];
  /** Holds reading back while the disk is slower. */
  const settle = async (): Promise<void> => {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    await new Promise<void>((resolve, reject) => {
      gzip.write(text, (error) => (error ? reject(error) : resolve()));
    });
  };
  return {
    add: (row: object): void => {
      rows += 1;
      waiting += `${JSON.stringify(row)}\n`;
    },
    settle,
    close: async (): Promise<number> => {
      await settle();
      gzip.end();
      await isWritten;
      return rows;
    },
  };
};

/** Finds the label of a prediction among those of its hour and the one before, and by its key. */
const labelFinder = (key: readonly string[], keyed: LabelTable) => {
  let tables: readonly (readonly [number, LabelTable])[] = [];
  const byId = (predictionId: string): KnownLabel | undefined => {
    const made = predictedAtOf(predictionId);
    const hour = made === undefined ? undefined : Math.floor(made / hourMs) * hourMs;
    return tables.find(([of]) => of === hour)?.[1].join(predictionId);
  };
  return {
    /** The tables that are looked into from now on. */
    use: (next: typeof tables): void => {
      tables = next;
    },
    /** Whoever answered it: its label is of a known prediction. */
    pass: (predictionId: string): void => {
      byId(predictionId);
    },
    find: (row: CapturedPrediction): KnownLabel | undefined => {
      const name =
        key.length === 0 ? undefined : rowKeyOf(key, row.features as Parameters<typeof rowKeyOf>[1]);
      return laterLabel(byId(row.predictionId), name === undefined ? undefined : keyed.join(name));
    },
  };
};

const hoursOf = ({ from, to }: Span): readonly number[] => {
  const first = Math.floor(from / hourMs);
  return Array.from({ length: Math.ceil(to / hourMs) - first }, (_, index) => (first + index) * hourMs);
};

/**
 * Joins what was captured of a window with what is known of its truth, hour by hour: memory holds the labels of two hours
 * and those by key, 70 bytes each, and no prediction. Ten million predictions of a day are some 60 MB, of one hour 700.
 */
export const joinWindow = async (
  request: JoinWindow,
  folder: string,
  services: Needs,
): Promise<JoinedWindow> => {
  const { model, version, span, spec, baseline, objects, captureShare, training } = request;
  const { key } = spec;
  const reader = labelReader({ span, key, captureShare }, folder, services);
  const finder = labelFinder(key, await reader.keyed(objects));
  const counter = realisedCounter(spec.task);
  const columns = baseline?.columns ?? [];
  const cellsOf = cellReader({ columns });
  const estimated = qualityCounter({ quality: baseline?.quality, columns });
  const filePath = path.join(folder, 'from-labels.jsonl.gz');
  const writer = training && lineWriter(filePath);
  const take = (row: CapturedPrediction, atMs: number): void => {
    const label = finder.find(row);
    counter.add({ output: row.output, atMs }, label);
    if (label === undefined) return;
    estimated.add({ output: row.output, cellOf: cellsOf(row) });
    const written = training && trainingRowOf(row, label, training);
    const name = written && rowKeyOf(key, written as Parameters<typeof rowKeyOf>[1]);
    // Asked twice, it is one row to train on: as it was known first.
    if (written && !(name !== undefined && keys.isRepeated(name))) writer?.add(written);
  };
  const takers = [{ take, ...(writer && { settle: writer.settle }) }];
  const [ids, keys] = [repeatedIds(), repeatedIds()];
  const skipped: string[] = [];
  let unknownLabels = 0;
  let before: LabelTable = await reader.hour(objects, Math.floor(span.from / hourMs) * hourMs - hourMs);
  for (const hour of hoursOf(span)) {
    const table = await reader.hour(objects, hour);
    finder.use([
      [hour, table],
      [hour - hourMs, before],
    ]);
    const part = { from: Math.max(span.from, hour), to: Math.min(span.to, hour + hourMs) };
    const reading = { model, version, span: part, ids, takers, onOther: finder.pass };
    const read = await readCaptured(reading, folder, services);
    skipped.push(...read.skippedFiles);
    unknownLabels += before.unjoined();
    before = table;
  }
  unknownLabels += before.unjoined();
  const rows = (await writer?.close()) ?? 0;
  return {
    counts: counter.counts(),
    estimate: estimated.estimate(estimated.counts()),
    unknownLabels,
    skipped: [...skipped, ...reader.skipped()],
    training: rows > 0 ? { filePath, rows } : undefined,
  };
};
