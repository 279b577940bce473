import { createHash } from 'node:crypto';

/**
 * Where each record lives in the one table. `docs/records.md` is this file in prose.
 * Numbers are padded so that byte order is number order; times are ISO 8601 UTC, whose byte order is time order.
 */
const padded = (number: number) => String(number).padStart(10, '0');

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

const ofModel = (model: string, noun: string) => `model#${model}#${noun}`;

export const keys = {
  model: (model: string) => ({ partition: 'models', sort: model }),
  specPointer: (model: string) => ({ partition: `model#${model}`, sort: 'spec' }),
  specRevision: (model: string, revision: number) => ({
    partition: ofModel(model, 'specs'),
    sort: padded(revision),
  }),
  /** Hashed, because an object key may be as long as the longest sort key by itself. */
  arrival: (model: string, objectKey: string, etag: string, writtenSecond?: string) => ({
    partition: ofModel(model, 'arrivals'),
    sort: `${sha256Hex(objectKey)}#${sha256Hex(writtenSecond === undefined ? etag : `${etag}@${writtenSecond}`)}`,
  }),
  arrivalsOfObject: (model: string, objectKey: string) => ({
    partition: ofModel(model, 'arrivals'),
    sortPrefix: `${sha256Hex(objectKey)}#`,
  }),
  batchGate: (model: string) => ({ partition: `model#${model}`, sort: 'batch-gate' }),
  batch: (model: string, batchId: string) => ({ partition: ofModel(model, 'batches'), sort: batchId }),
  batchJudgement: (model: string, batchId: string) => ({
    partition: ofModel(model, 'batch-judgements'),
    sort: batchId,
  }),
  dataset: (model: string, datasetVersion: string) => ({
    partition: ofModel(model, 'datasets'),
    sort: datasetVersion,
  }),
  run: (runId: string) => ({ partition: `run#${runId}`, sort: 'run' }),
  versionOfRun: (runId: string) => ({ partition: `run#${runId}`, sort: 'version' }),
  versionCounter: (model: string) => ({ partition: `model#${model}`, sort: 'version-counter' }),
  version: (model: string, version: number) => ({
    partition: ofModel(model, 'versions'),
    sort: padded(version),
  }),
  verdict: (model: string, version: number) => ({
    partition: ofModel(model, 'verdicts'),
    sort: padded(version),
  }),
  route: (model: string) => ({ partition: `model#${model}`, sort: 'route' }),
  reign: (model: string, routeRevision: number) => ({
    partition: ofModel(model, 'reigns'),
    sort: padded(routeRevision),
  }),
  approval: (approvalId: string) => ({ partition: `approval#${approvalId}`, sort: 'approval' }),
  taskToken: (approvalId: string) => ({ partition: `approval#${approvalId}`, sort: 'task-token' }),
  apiKey: (keyId: string) => ({ partition: 'api-keys', sort: keyId }),
  /** By its end: windows of one model never end together. */
  window: (model: string, windowEnd: string) => ({ partition: ofModel(model, 'windows'), sort: windowEnd }),
  goldenSet: (model: string, revision: number) => ({
    partition: ofModel(model, 'golden-sets'),
    sort: padded(revision),
  }),
  /** As `window`: what its labels have told so far. */
  realisedWindow: (model: string, windowEnd: string) => ({
    partition: ofModel(model, 'realised-windows'),
    sort: windowEnd,
  }),
  /** Hashed, as arrivals are. */
  labelFile: (model: string, objectKey: string, etag: string) => ({
    partition: ofModel(model, 'label-files'),
    sort: `${sha256Hex(objectKey)}#${sha256Hex(etag)}`,
  }),
  labelIntake: (model: string) => ({ partition: `model#${model}`, sort: 'label-intake' }),
  signal: (model: string, signalId: string) => ({ partition: ofModel(model, 'signals'), sort: signalId }),
  decision: (model: string, at: string, id: string) => ({
    partition: ofModel(model, 'decisions'),
    sort: `${at}#${id}`,
  }),
  latestDecision: (model: string) => ({ partition: `model#${model}`, sort: 'latest-decision' }),
  retrainLease: (model: string) => ({ partition: `model#${model}`, sort: 'retrain-lease' }),
  retrainPause: (model: string) => ({ partition: `model#${model}`, sort: 'retrain-pause' }),
  audit: (model: string, at: string, id: string) => ({
    partition: ofModel(model, 'audit'),
    sort: `${at}#${id}`,
  }),
} as const;

/** Partitions of the secondary index, and of the table where a whole noun is listed. */
export const lists = {
  models: 'models',
  specs: (model: string) => ofModel(model, 'specs'),
  pendingArrivals: (model: string) => ofModel(model, 'pending-arrivals'),
  pendingLabelFiles: (model: string) => ofModel(model, 'pending-label-files'),
  takenLabelFiles: (model: string) => ofModel(model, 'taken-label-files'),
  batches: (model: string) => ofModel(model, 'batches'),
  batchJudgements: (model: string) => ofModel(model, 'batch-judgements'),
  datasets: (model: string) => ofModel(model, 'datasets'),
  runs: (model: string) => ofModel(model, 'runs'),
  versions: (model: string) => ofModel(model, 'versions'),
  verdicts: (model: string) => ofModel(model, 'verdicts'),
  reigns: (model: string) => ofModel(model, 'reigns'),
  windows: (model: string) => ofModel(model, 'windows'),
  goldenSets: (model: string) => ofModel(model, 'golden-sets'),
  realisedWindows: (model: string) => ofModel(model, 'realised-windows'),
  signals: (model: string) => ofModel(model, 'signals'),
  decisions: (model: string) => ofModel(model, 'decisions'),
  audit: (model: string) => ofModel(model, 'audit'),
  apiKeys: 'api-keys',
  auditOfAll: 'audit',
  approvals: (state: 'pending' | 'unanswered' | 'settled') => `approvals#${state}`,
} as const;

/** In an entry of the audit that is about no one model. No model can have this name. */
export const allModels = '*';

/** Sort key of index entries that are listed by time. */
export const byTime = (at: string, id: string): string => `${at}#${id}`;
