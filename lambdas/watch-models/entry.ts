import { readVariable } from '../../lib/wire/environment.ts';
import { house } from '../../lib/wire/house.ts';
import { cloudScratch } from '../cloud/scratch.ts';
import {
  cloudAlarms,
  cloudClock,
  cloudDataEngine,
  cloudMetricWriter,
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
    metrics: cloudMetricWriter(process.env),
    alarms: cloudAlarms(process.env),
    notifier: cloudNotifier(process.env, records),
    clock: cloudClock,
    withScratchFolder: cloudScratch(),
    dataEngine: cloudDataEngine(process.env),
    stuckAfterHours: Number(readVariable(process.env, 'stuckAfterHours')),
    lookEveryHours: Number(readVariable(process.env, 'monitorEveryHours')),
  };
});
