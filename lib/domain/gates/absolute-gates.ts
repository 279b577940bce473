import type { ModelSpec } from '../model-spec/index.ts';
import { type GateResult, readable } from './gate-result.ts';

export type GateSettings = ModelSpec['gates'];

const limits = [
  ['minAuc', 'auc', 'AUC', 'at least'],
  ['minAccuracy', 'accuracy', 'accuracy', 'at least'],
  ['minF1', 'f1', 'F1', 'at least'],
  ['maxLogLoss', 'logLoss', 'log loss', 'at most'],
  ['maxCalibrationError', 'calibrationError', 'calibration error', 'at most'],
  ['maxRmse', 'rmse', 'RMSE', 'at most'],
  ['maxMae', 'mae', 'mean absolute error', 'at most'],
  ['minR2', 'r2', 'R²', 'at least'],
] as const satisfies readonly (readonly [keyof GateSettings, string, string, 'at least' | 'at most'])[];

/** The absolute limits that are set, in the order of model.json. A limit is met when it is equalled. */
export const absoluteGates = (
  settings: GateSettings,
  metrics: Readonly<Record<string, number | null>>,
  unknown: Readonly<Record<string, string>>,
): GateResult[] =>
  limits.flatMap(([gate, metric, name, side]): GateResult[] => {
    const limit = settings[gate];
    if (limit === undefined) return [];
    const title = `${name} is ${side} ${readable(limit)}`;
    const value = metrics[metric] ?? null;
    if (value === null) {
      const reason = unknown[metric] ?? 'it is not measured for this task: remove the gate';
      return [{ gate, title, status: 'unknown', value, limit, because: `${name} is unknown: ${reason}` }];
    }
    const isMet = side === 'at least' ? value >= limit : value <= limit;
    const because = `${name} is ${readable(value)}, ${side} ${readable(limit)} is asked`;
    return [{ gate, title, status: isMet ? 'pass' : 'fail', value, limit, because }];
  });
