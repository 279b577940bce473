import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Baseline } from '../../lib/domain/baseline/index.ts';
import {
  CapturedPrediction,
  cellReader,
  emptyProfile,
  mergeProfiles,
  type Profile,
  profileBuilder,
  type Span,
} from '../../lib/domain/drift/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';
import type { RepeatedIds } from './repeated-ids.ts';

type Needs = Pick<Services, 'objects' | 'signal'>;

export interface ReadCaptured {
  readonly model: string;
  /** Only what this version answered as champion is counted. */
  readonly version: number;
  readonly baseline: Pick<Baseline, 'columns'>;
  readonly span: Span;
  /** Predictions counted before are counted no more. */
  readonly ids: RepeatedIds;
}

export interface Captured {
  readonly profile: Profile;
  /** Objects that could not be read to their end; nothing of them is counted. */
  readonly skippedFiles: readonly string[];
  /** Lines that are no prediction records. */
  readonly skippedLines: number;
  /** Predictions that were delivered once more. */
  readonly repeatedRows: number;
}

const hourMs = 3_600_000;

/** One folder an hour, as both capture sinks write them. */
const foldersOf = (model: string, { from, to }: Span): readonly string[] => {
  const first = Math.floor(from / hourMs);
  const count = Math.ceil(to / hourMs) - first;
  return Array.from({ length: count }, (_, index) => {
    const at = new Date((first + index) * hourMs).toISOString();
    return `captured/model=${model}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
  });
};

const keysUnder = async (prefix: string, { objects }: Needs): Promise<readonly string[]> => {
  const keys: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await objects.list(prefix, cursor === undefined ? {} : { cursor });
    keys.push(...page.objects.map(({ key }) => key));
    if (page.cursor === undefined) return keys;
    cursor = page.cursor;
  }
};

const parseLine = (line: string): CapturedPrediction | undefined => {
  try {
    return CapturedPrediction.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** Lines of a gzip file as they are unpacked: memory does not grow with the file. */
const linesOf = (filePath: string) =>
  createInterface({
    // The error of either stream ends the reading of lines; the callback only keeps it from being unhandled.
    input: pipeline(createReadStream(filePath), createGunzip(), () => undefined),
    crlfDelay: Number.POSITIVE_INFINITY,
  });

const profileFile = async (filePath: string, { baseline, model, version, span, ids }: ReadCaptured) => {
  const builder = profileBuilder(baseline.columns.map(({ bins }) => bins));
  const cellsOf = cellReader(baseline);
  let [skippedLines, repeatedRows] = [0, 0];
  for await (const line of linesOf(filePath)) {
    if (line === '') continue;
    const record = parseLine(line);
    if (record === undefined) {
      skippedLines += 1;
      continue;
    }
    const at = Date.parse(record.at);
    const isOurs = record.model === model && record.version === version && record.role === 'champion';
    if (!isOurs || at < span.from || at >= span.to) continue;
    if (ids.isRepeated(record.predictionId)) repeatedRows += 1;
    else builder.add(cellsOf(record));
  }
  return { profile: builder.profile(), skippedLines, repeatedRows };
};

/** What unpacking says of bytes that are no gzip file, or not all of one. */
const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));

/**
 * Counts what a version answered in a span of time, file by file. A file that is corrupt or gone is left out as a whole:
 * its profile is only added when its end was reached.
 */
export const readCaptured = async (
  request: ReadCaptured,
  folder: string,
  services: Needs,
): Promise<Captured> => {
  let profile = emptyProfile(request.baseline.columns.map(({ bins }) => bins));
  const skippedFiles: string[] = [];
  let [skippedLines, repeatedRows] = [0, 0];
  const filePath = path.join(folder, 'captured.ndjson.gz');
  for (const prefix of foldersOf(request.model, request.span))
    for (const key of await keysUnder(prefix, services)) {
      services.signal?.throwIfAborted();
      try {
        await services.objects.download(key, filePath);
        const read = await profileFile(filePath, request);
        profile = mergeProfiles(profile, read.profile);
        skippedLines += read.skippedLines;
        repeatedRows += read.repeatedRows;
      } catch (error) {
        if (!isCorrupt(error) && !isMillraceError(error, 'OBJECT_NOT_FOUND')) throw error;
        skippedFiles.push(key);
        // Whole copies of its predictions may come yet: counting one twice is better than losing it.
        request.ids.forget();
      } finally {
        await rm(filePath, { force: true });
      }
    }
  return { profile, skippedFiles, skippedLines, repeatedRows };
};
