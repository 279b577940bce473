import { house } from '../../lib/wire/house.ts';
import {
  cloudAlarms,
  cloudClock,
  cloudIds,
  cloudNotifier,
  cloudRecords,
  cloudRegistry,
  cloudWorkflow,
} from '../cloud/services.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => {
  const records = cloudRecords(process.env);
  return {
    registry: cloudRegistry(records),
    workflow: cloudWorkflow(process.env),
    notifier: cloudNotifier(process.env, records),
    alarms: cloudAlarms(process.env),
    clock: cloudClock,
    ids: cloudIds(),
  };
});
