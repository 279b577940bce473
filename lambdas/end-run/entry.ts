import { house } from '../../lib/wire/house.ts';
import {
  cloudClock,
  cloudMetricWriter,
  cloudNotifier,
  cloudRecords,
  cloudRegistry,
} from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by EventBridge, through Lambda. */
export const handler = house(step, () => {
  const records = cloudRecords(process.env);
  return {
    registry: cloudRegistry(records),
    notifier: cloudNotifier(process.env, records),
    metrics: cloudMetricWriter(process.env),
    clock: cloudClock,
  };
});
