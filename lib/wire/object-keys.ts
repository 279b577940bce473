/** Where every object lives: the buckets-and-keys table as functions. Names are checked before they get here. */
export const objectKeys = {
  /** The drop zone of a model: what people and programs write. */
  incoming: (model: string, name: string) => `incoming/${model}/${name}`,
  /** Raw files as they arrived, by content: what `reproduce` reads. */
  source: (model: string, sha256: string, extension: string) => `sources/${model}/${sha256}.${extension}`,
  dataset: (model: string, datasetVersion: string, name: DatasetObject) =>
    `datasets/${model}/${datasetVersion}/${name}`,
  quarantine: (model: string, datasetVersion: string) => `quarantine/${model}/${datasetVersion}/rows.parquet`,
  /** What a run made before it has a version number. */
  run: (model: string, runId: string, name: ModelObject) => `runs/${model}/${runId}/${name}`,
  /** What a training job of the run is given, and what it leaves: folders, with the slash. */
  jobFolder: (model: string, runId: string, folder: JobFolder) => `runs/${model}/${runId}/job/${folder}/`,
  version: (model: string, version: number, name: ModelObject) => `models/${model}/${version}/${name}`,
  /** Late truth, as people and programs drop it; `POST /models/<model>/labels` drops here too. */
  labels: (model: string, name: string) => `labels/${model}/${name}`,
  /** Labels by the hour of the prediction they name, beside `captured/`; the folder, with the slash. */
  labelledHour: (model: string, day: string, hour: string) =>
    `labelled/model=${model}/dt=${day}/hour=${hour}/`,
  /** Those of a whole day: what lies in its hours. */
  labelledDay: (model: string, day: string) => `labelled/model=${model}/dt=${day}/`,
  /** Labels that name a row by its key, by the day they were taken in; the folder, with the slash. */
  labelledKeyed: (model: string, day: string) => `labelled/model=${model}/keyed/dt=${day}/`,
  /** What the monitor keeps of a window, named by its end. */
  window: (model: string, windowEnd: string, name: WindowObject) =>
    `windows/${model}/${windowEnd.replaceAll(':', '')}/${name}`,
  goldenSet: (model: string, revision: number, name: 'rows.parquet' | 'manifest.json') =>
    `golden/${model}/${revision}/${name}`,
} as const;

export type WindowObject = 'profile.json' | 'drift.html';

/** Files the monitor drops for the next retraining: they are kept as a batch and start nothing by themselves. */
export const fromLabelsFolder = 'from-labels/';

export type DatasetObject =
  | 'manifest.json'
  /** The newest of the new rows, which champion and challenger are both asked; there only beside a champion. */
  | 'recent.parquet'
  | 'train.parquet'
  | 'validation.parquet'
  | 'test.parquet'
  | 'profile.json'
  | 'quality.json'
  | 'model.resolved.json';

/** Whatever a channel reads has a folder of its own: channels read by prefix. */
export type JobFolder = 'train' | 'validation' | 'spec' | 'features' | 'output' | 'checkpoints';

export type ModelObject =
  | 'model.onnx'
  | 'signature.json'
  | 'training.json'
  | 'metrics.json'
  | 'report.html'
  | 'golden.jsonl'
  /** What becomes the model's golden set if this version is the first to serve. */
  | 'golden-set.parquet'
  | 'golden-set.json'
  | 'baseline.json'
  /** The baseline as SageMaker Model Monitor writes it. */
  | 'statistics.json'
  | 'constraints.json'
  /** What G0 said of the new rows, before training. */
  | 'data-gate.json'
  /** And what it said when the rows had to be put together once more, from other batches. */
  | `data-gate.${number}.json`
  | 'lineage.json';

/** A name may hold a line break, which people are then told of. */
const incomingPattern = /^incoming\/([^/]+)\/(.+)$/s;

/** `incoming/<model>/<path>` taken apart; `undefined` for any other key. */
export const parseIncomingKey = (
  key: string,
): { readonly model: string; readonly path: string } | undefined => {
  const match = incomingPattern.exec(key);
  return match?.[1] !== undefined && match[2] !== undefined ? { model: match[1], path: match[2] } : undefined;
};

const labelsPattern = /^labels\/([^/]+)\/(.+)$/s;

/** `labels/<model>/<path>` taken apart; `undefined` for any other key. */
export const parseLabelsKey = (
  key: string,
): { readonly model: string; readonly path: string } | undefined => {
  const match = labelsPattern.exec(key);
  return match?.[1] !== undefined && match[2] !== undefined ? { model: match[1], path: match[2] } : undefined;
};

/** The part of a file name that says what is in it, compression included: `csv.gz`; `bin` when it says nothing. */
export const sourceExtension = (key: string): string =>
  /\.([a-z0-9]{1,10}(?:\.gz)?)$/i.exec(key)?.[1]?.toLowerCase() ?? 'bin';
