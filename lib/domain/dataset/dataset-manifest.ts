import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '../../wire/json.ts';
import type { ModelSpec } from '../model-spec/index.ts';
import type { SourceFormat } from './source-format.ts';

/** One file that went into a dataset. */
export interface DatasetSource {
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: SourceFormat;
}

/** What a dataset is made of. Its hash is the dataset's version, so it holds no times and no names of runs. */
export interface DatasetManifest {
  readonly schemaVersion: 1;
  readonly model: string;
  /** Of the part of the spec that shapes data; see `dataSpecHashOf`. */
  readonly specHash: string;
  /** In the order they are read, which decides which of two rows with one key is the first. */
  readonly sources: readonly DatasetSource[];
  /** Contents no champion had seen, of whose rows the newest are the part `recent`; absent where there is no such part. */
  readonly recentOf?: readonly string[];
  /** The sha256 of the golden set whose rows were left out; absent where none of them was there. */
  readonly goldenSha256?: string;
}

const sha256Of = (value: JsonValue): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

/**
 * The sha256 of what in a spec decides which rows and columns a dataset has. Trainer, gates or approval may change
 * and the same files still give the same dataset version.
 */
export const dataSpecHashOf = (spec: ModelSpec): string => {
  const { name, task, target, key, columns, features, quality, split, dataWindow, gates } = spec;
  const shaping = {
    ...{ name, task, target, key, columns, quality, split, dataWindow },
    // Transforms decide which datetime columns are carried along; slices, which ignored ones are.
    features,
    slices: gates.slices,
    ...(spec.eventTime === undefined ? {} : { eventTime: spec.eventTime }),
    ...(spec.positiveClass === undefined ? {} : { positiveClass: spec.positiveClass }),
  };
  return sha256Of(JSON.parse(JSON.stringify(shaping)));
};

/** The content address of a dataset: 64 hexadecimal digits. */
export const datasetVersionOf = (manifest: DatasetManifest): string =>
  sha256Of({
    schemaVersion: manifest.schemaVersion,
    model: manifest.model,
    specHash: manifest.specHash,
    ...(manifest.recentOf && { recentOf: [...manifest.recentOf] }),
    ...(manifest.goldenSha256 !== undefined && { goldenSha256: manifest.goldenSha256 }),
    sources: manifest.sources.map(({ key, sha256, sizeBytes, format }) => ({
      key,
      sha256,
      sizeBytes,
      format,
    })),
  });
