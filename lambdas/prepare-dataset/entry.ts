import { house } from '../../lib/wire/house.ts';
import { phaseLog } from '../cloud/phase-log.ts';
import { cloudScratch } from '../cloud/scratch.ts';
import {
  cloudClock,
  cloudDataEngine,
  cloudNotifier,
  cloudObjects,
  cloudRecords,
  cloudRegistry,
} from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => {
  const records = cloudRecords(process.env);
  return {
    objects: cloudObjects(process.env),
    registry: cloudRegistry(records),
    notifier: cloudNotifier(process.env, records),
    clock: cloudClock,
    withScratchFolder: cloudScratch(),
    dataEngine: cloudDataEngine(process.env),
    onProgress: phaseLog(),
  };
});
