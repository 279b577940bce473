import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import type { CaptureSink } from '../../lib/ports/capture-sink.ts';
import type { Registry } from '../../lib/registry/index.ts';
import { requireApiKey } from '../../lib/serving/authorise.ts';
import { type PredictionServices, predictionService } from '../../lib/serving/predictions.ts';
import { servingApp } from '../../lib/serving/serving-app.ts';
import { logError, logLost } from '../cloud/log.ts';

/** Says how many more were lost since the last look: the sink's count only grows. */
export const tellingLosses = (capture: CaptureSink, tell: (rows: number) => void = logLost): CaptureSink => {
  let told = 0;
  return {
    capture: (records) => capture.capture(records),
    flush: async () => {
      const totals = await capture.flush();
      if (totals.lost > told) tell(totals.lost - told);
      told = totals.lost;
      return totals;
    },
  };
};

/**
 * The serving app as a stage serves it. Tokens and signatures were checked at the door; keys are checked here, and so is
 * anything else a stage might say of its door, since an open one is never what is meant.
 */
export const predictionsApp = (
  services: Omit<PredictionServices, 'registry' | 'openModel' | 'onLost' | 'ids'> & {
    readonly registry: Registry;
    readonly ids: PredictionServices['ids'];
    readonly frontDoorAuth: string;
    readonly productVersion: string;
  },
) => {
  const { registry, clock, ids, frontDoorAuth, productVersion } = services;
  const isChecked = frontDoorAuth === 'jwt' || frontDoorAuth === 'iam';
  const predictions = predictionService({
    ...services,
    capture: tellingLosses(services.capture),
    openModel,
    onLost: logLost,
  });
  const app = servingApp({
    predictions,
    log: logError,
    newReference: () => ids.next(),
    productVersion,
    ...(!isChecked && { guard: requireApiKey({ registry, clock }) }),
  });
  return { app, flush: predictions.flush };
};
