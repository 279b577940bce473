import { house } from '../../lib/wire/house.ts';
import { cloudScratch } from '../cloud/scratch.ts';
import {
  cloudClock,
  cloudCodeVersion,
  cloudObjects,
  cloudRecords,
  cloudRegistry,
} from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => ({
  objects: cloudObjects(process.env),
  registry: cloudRegistry(cloudRecords(process.env)),
  clock: cloudClock,
  withScratchFolder: cloudScratch(),
  codeVersion: cloudCodeVersion(process.env),
}));
