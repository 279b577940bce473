import { MillraceError } from '../../../wire/errors.ts';

/** Follows the losses round by round. Round 0 is the constant model: trees that never beat it are not worth keeping. */
export interface EarlyStopping {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** The round with the smallest validation loss, the first of several; the last round when there is none. */
  readonly bestRound: number;
  /** Takes the losses of the next round; true when it is time to stop. Throws TRAINING_FAILED for a loss not finite. */
  record(train: number, validation: number | undefined): boolean;
}

export const earlyStopping = (patienceRounds: number): EarlyStopping => {
  const train: number[] = [];
  const validation: number[] = [];
  let bestRound = 0;
  return {
    train,
    validation,
    get bestRound() {
      return bestRound;
    },
    record: (trainLoss, validationLoss) => {
      const round = train.length;
      for (const loss of [trainLoss, validationLoss])
        if (loss !== undefined && !Number.isFinite(loss))
          throw new MillraceError(
            'TRAINING_FAILED',
            `the loss of round ${round} is ${loss}, expected a finite number`,
            {
              round,
            },
          );
      train.push(trainLoss);
      if (validationLoss === undefined) {
        bestRound = round;
        return false;
      }
      validation.push(validationLoss);
      if (validationLoss < (validation[bestRound] as number)) bestRound = round;
      return round - bestRound >= patienceRounds;
    },
  };
};
