import { createHmac } from 'node:crypto';
import { isCaptured } from '../domain/labels/index.ts';
import type { ModelSpec } from '../domain/model-spec/index.ts';
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
  readonly monitor: Pick<ModelSpec['monitor'], 'sensitiveColumns' | 'omittedColumns' | 'captureShare'>;
  readonly secret: string;
}

/** Equal values stay equal, so that their distribution can be watched; without the secret nobody can try values out. */
const hashValue = (value: JsonValue, secret: string): string =>
  createHmac('sha256', secret).update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** Missing stays recognisably missing, as in the baseline: a hash of nothing would be a value. */
const isMissing = (value: JsonValue): boolean => value === null || value === '';

const featuresOf = (row: JsonObject, { monitor, secret }: AnsweredRows): JsonObject => {
  const { sensitiveColumns, omittedColumns } = monitor;
  if (sensitiveColumns.length === 0 && omittedColumns.length === 0) return row;
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !omittedColumns.includes(column))
      .map(([column, value]) => [
        column,
        sensitiveColumns.includes(column) && !isMissing(value) ? hashValue(value, secret) : value,
      ]),
  );
};

const outputOf = ({ predictionId: _, ...output }: PlainAnswer): JsonObject => output;

/**
 * What is kept of answered rows: the features as they were sent, sensitive ones hashed and omitted ones left out, and the
 * answer. Of heavy traffic a share, drawn by prediction id; each record says which.
 */
export const captureRecords = (answered: AnsweredRows): readonly PredictionRecord[] => {
  const { model, version, role, at, latencyMs, rows, signature, predictions, predictionIds } = answered;
  const share = answered.monitor.captureShare;
  return plainAnswers(predictions, signature, predictionIds).flatMap((answer, index) =>
    isCaptured(answer.predictionId, share)
      ? [
          {
            predictionId: answer.predictionId,
            model,
            version,
            role,
            at,
            features: featuresOf(rows[index] ?? {}, answered),
            output: outputOf(answer),
            // Of the whole request, to the microsecond: more digits are noise.
            latencyMs: Math.round(latencyMs * 1000) / 1000,
            ...(share < 1 && { share }),
          },
        ]
      : [],
  );
};
