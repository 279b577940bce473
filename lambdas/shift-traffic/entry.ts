import { house } from '../../lib/wire/house.ts';
import { cloudRecords, cloudRegistry } from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => ({
  registry: cloudRegistry(cloudRecords(process.env)),
}));
