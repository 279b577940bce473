export { type Bill, type BillLine, billOf, type Use } from './bill.ts';
export {
  type Price,
  type PriceName,
  prices,
  pricesAsOf,
  pricesRegion,
  trainingInstancePage,
  trainingInstanceUsdPerHour,
} from './prices.ts';
export { type Kept, type Team, usesAsleep, usuallyKept } from './uses-asleep.ts';
export { isEndpointTraced, type Traffic, usesPredicting } from './uses-predicting.ts';
export { trainingJobUsd, usesTraining } from './uses-training.ts';
