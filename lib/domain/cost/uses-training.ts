import { MillraceError } from '../../wire/errors.ts';
import type { Use } from './bill.ts';
import { trainingInstanceUsdPerHour } from './prices.ts';
import { computeOf, type Team } from './uses-asleep.ts';

/** What one way through the loop takes, when its training takes so many minutes inside Lambda. */
export const usesTraining = (
  { settings }: Pick<Team, 'settings'>,
  trainingMinutes: number,
): readonly Use[] => {
  const seconds = trainingMinutes * 60;
  return [
    { what: 'state machines: about 60 transitions', price: 'stateTransition', units: 60 },
    { what: 'functions: requests', price: 'lambdaRequest', units: 30 },
    ...computeOf('prepare the data, a third of that time', 'prepare-dataset', seconds / 3, settings),
    ...computeOf('train', 'train-model', seconds, settings),
    ...computeOf('evaluate, a third of that time', 'evaluate-model', seconds / 3, settings),
    ...computeOf('check parity', 'check-parity', 5, settings),
    ...computeOf('every other step', 'register-version', 40, settings),
    { what: 'events of S3', price: 'objectEvent', units: 10 },
    { what: 'writes to S3', price: 'objectWrite', units: 60 },
    { what: 'reads from S3', price: 'objectRead', units: 100 },
    { what: 'writes to the registry', price: 'tableWrite', units: 200 },
    { what: 'reads of the registry', price: 'tableRead', units: 400 },
    { what: 'logs', price: 'logIngestGb', units: 0.002 },
    { what: 'mails', price: 'topicEmail', units: 3 * settings.notificationEmails.length },
  ];
};

/** A training job on SageMaker: US dollars for so many hours. Throws INPUT_INVALID for an instance without a price here. */
export const trainingJobUsd = (instance: string, hours: number): number => {
  const perHour = trainingInstanceUsdPerHour[instance];
  if (perHour === undefined)
    throw new MillraceError(
      'INPUT_INVALID',
      `no price is known for "${instance}", expected one of ${Object.keys(trainingInstanceUsdPerHour).join(', ')}`,
    );
  return perHour * hours;
};
