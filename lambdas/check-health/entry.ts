import { house } from '../../lib/wire/house.ts';
import { cloudClock, cloudMetrics, cloudRecords, cloudRegistry } from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => {
  const records = cloudRecords(process.env);
  return {
    registry: cloudRegistry(records),
    metrics: cloudMetrics(process.env),
    clock: cloudClock,
  };
});
