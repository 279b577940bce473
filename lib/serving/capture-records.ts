import { createHmac } from 'node:crypto';
import { type PlainAnswer, plainAnswers } from '../domain/prediction/index.ts';
import type { Predictions, Signature } from '../domain/signature/index.ts';
import type { PredictionRecord } from '../ports/capture-sink.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

export interface AnsweredRows {
  readonly model: string;
  readonly version: number;
  readonly role: PredictionRecord['role'];
  readonly at: string;
  readonly latencyMs: number;
  readonly rows: readonly JsonObject[];
  readonly signature: Signature;
  readonly predictions: Predictions;
  readonly predictionIds: readonly string[];
  readonly sensitiveColumns: readonly string[];
  readonly secret: string;
}

/** Equal values stay equal, so that their distribution can be watched; without the secret nobody can try values out. */
const hashValue = (value: JsonValue, secret: string): string =>
  createHmac('sha256', secret).update(JSON.stringify(value)).digest('hex').slice(0, 32);

const hashColumns = (row: JsonObject, { sensitiveColumns, secret }: AnsweredRows): JsonObject => {
  if (sensitiveColumns.length === 0) return row;
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      sensitiveColumns.includes(column) && value !== null ? hashValue(value, secret) : value,
    ]),
  );
};

const outputOf = ({ predictionId: _, ...output }: PlainAnswer): JsonObject => output;

/** What is kept of answered rows: the features as they were sent, sensitive ones hashed, and the answer. */
export const captureRecords = (answered: AnsweredRows): readonly PredictionRecord[] => {
  const { model, version, role, at, latencyMs, rows, signature, predictions, predictionIds } = answered;
  return plainAnswers(predictions, signature, predictionIds).map((answer, index) => ({
    predictionId: answer.predictionId,
    model,
    version,
    role,
    at,
    features: hashColumns(rows[index] ?? {}, answered),
    output: outputOf(answer),
    // Of the whole request, to the microsecond: more digits are noise.
    latencyMs: Math.round(latencyMs * 1000) / 1000,
  }));
};
