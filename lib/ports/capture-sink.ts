import type { JsonObject } from '../wire/json.ts';

/** One answered prediction, kept for the monitor. */
export interface PredictionRecord {
  readonly predictionId: string;
  readonly model: string;
  readonly version: number;
  readonly role: 'champion' | 'canary' | 'shadow';
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly features: JsonObject;
  readonly output: JsonObject;
  readonly latencyMs: number;
  /** The share of predictions that was captured then: this one stands for 1/share of them. @default 1 */
  readonly share?: number;
}

/** Prediction records as gzip NDJSON under captured/model=<m>/dt=<d>/hour=<h>/: Firehose in the cloud, a folder locally. */
export interface CaptureSink {
  /** Takes records without waiting for the disk and never throws: what cannot be kept is counted. */
  capture(records: readonly PredictionRecord[]): void;
  /** Resolves when everything taken so far is durable or counted as lost. */
  flush(): Promise<{ readonly written: number; readonly lost: number }>;
}
