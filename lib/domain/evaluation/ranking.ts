import type { Known } from './measured.ts';
import type { ScoreGroups } from './score-groups.ts';

/** Two-sided 95 % of a normal distribution. */
export const z95 = 1.959963984540054;

const oneKind = ({ positiveRows, negativeRows }: ScoreGroups): string | undefined => {
  if (positiveRows === 0) return 'the test rows hold no positive row';
  if (negativeRows === 0) return 'the test rows hold no negative row';
  return undefined;
};

/** Area under the ROC curve: the chance that a positive row outranks a negative one, a tie counting half. */
export const rocAuc = (groups: ScoreGroups): Known => {
  const because = oneKind(groups);
  if (because !== undefined) return { because };
  let positivesAbove = 0;
  let pairs = 0;
  for (let g = 0; g < groups.scores.length; g++) {
    const positives = groups.positives[g] as number;
    pairs += (groups.negatives[g] as number) * (positivesAbove + positives / 2);
    positivesAbove += positives;
  }
  return { value: pairs / (groups.positiveRows * groups.negativeRows) };
};

/**
 * DeLong's standard error of the AUC (DeLong, DeLong and Clarke-Pearson 1988):
 * Var = S10/P + S01/N, where S10 is the sample variance over the positives of the share of negatives each outranks,
 * and S01 that over the negatives of the share of positives that outrank each. Needs two rows of each kind.
 */
export const aucStandardError = (groups: ScoreGroups): Known => {
  const auc = rocAuc(groups);
  if ('because' in auc) return auc;
  const { positiveRows, negativeRows } = groups;
  if (positiveRows < 2 || negativeRows < 2) return { because: 'needs two rows of each class' };
  let positivesAbove = 0;
  let negativesAbove = 0;
  let squares10 = 0;
  let squares01 = 0;
  for (let g = 0; g < groups.scores.length; g++) {
    const positives = groups.positives[g] as number;
    const negatives = groups.negatives[g] as number;
    squares10 += positives * (1 - (negativesAbove + negatives / 2) / negativeRows - auc.value) ** 2;
    squares01 += negatives * ((positivesAbove + positives / 2) / positiveRows - auc.value) ** 2;
    positivesAbove += positives;
    negativesAbove += negatives;
  }
  const variance =
    squares10 / (positiveRows - 1) / positiveRows + squares01 / (negativeRows - 1) / negativeRows;
  return { value: Math.sqrt(variance) };
};

/** Average precision, the step-wise area under the precision–recall curve: Σ (R_g − R_{g−1}) · P_g, ties together. */
export const averagePrecision = (groups: ScoreGroups): Known => {
  if (groups.positiveRows === 0) return { because: 'the test rows hold no positive row' };
  let truePositives = 0;
  let answered = 0;
  let area = 0;
  for (let g = 0; g < groups.scores.length; g++) {
    const positives = groups.positives[g] as number;
    truePositives += positives;
    answered += positives + (groups.negatives[g] as number);
    area += (positives / groups.positiveRows) * (truePositives / answered);
  }
  return { value: area };
};
