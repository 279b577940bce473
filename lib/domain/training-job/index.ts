export { xgboostImageAccounts, xgboostImageIn, xgboostImageVersion } from './built-in-images.ts';
export { trainingJobFailure } from './job-failure.ts';
export { trainingJobName } from './job-name.ts';
export { jobTimeoutSeconds, type PlannedRun, planTrainingJob } from './plan-training-job.ts';
export type { TrainingChannel, TrainingJobRequest } from './training-job-request.ts';
export type { TrainingJobs } from './training-jobs.ts';
export { type TrainingPlace, type TrainingSize, trainingPlace, whyTooLarge } from './training-place.ts';
export { type XgboostTask, xgboostHyperparameters } from './xgboost-hyperparameters.ts';
