import { house } from '../../lib/wire/house.ts';
import { cloudCodeVersion, cloudObjects, cloudRecords, cloudRegistry } from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => ({
  objects: cloudObjects(process.env),
  registry: cloudRegistry(cloudRecords(process.env)),
  codeVersion: cloudCodeVersion(process.env),
}));
