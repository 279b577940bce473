import { house } from '../../lib/wire/house.ts';
import {
  cloudClock,
  cloudNotifier,
  cloudObjects,
  cloudRecords,
  cloudRegistry,
  cloudWorkflow,
  listsLagMs,
} from '../cloud/services.ts';
import { step } from './object-created.ts';

/** Called by EventBridge, through Lambda. */
export const handler = house(step, () => {
  const records = cloudRecords(process.env);
  return {
    objects: cloudObjects(process.env),
    registry: cloudRegistry(records),
    workflow: cloudWorkflow(process.env),
    notifier: cloudNotifier(process.env, records),
    clock: cloudClock,
    listsLagMs,
  };
});
