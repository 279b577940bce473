import { house } from '../../lib/wire/house.ts';
import { cloudClock, cloudMetrics, cloudRecords, cloudRegistry } from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => ({
  registry: cloudRegistry(cloudRecords(process.env)),
  metrics: cloudMetrics(process.env),
  clock: cloudClock,
}));
