import { house } from '../../lib/wire/house.ts';
import { cloudScratch } from '../cloud/scratch.ts';
import { cloudClock, cloudObjects, cloudRecords, cloudRegistry } from '../cloud/services.ts';
import { cloudTrainingJobs } from '../cloud/training-jobs.ts';
import { step } from './handler.ts';

/** Called by Lambda. */
export const handler = house(step, () => ({
  objects: cloudObjects(process.env),
  registry: cloudRegistry(cloudRecords(process.env)),
  clock: cloudClock,
  withScratchFolder: cloudScratch(),
  trainingJobs: cloudTrainingJobs(process.env),
}));
