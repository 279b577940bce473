/** Turns one row's margins into probabilities minus truth; returns the row's loss. */
export type RowLoss = (margins: Float64Array, label: number) => number;

export const binaryRowLoss: RowLoss = (margins, label) => {
  const margin = margins[0] as number;
  const probability = 1 / (1 + Math.exp(-margin));
  margins[0] = probability - label;
  const towardsTruth = label === 1 ? margin : -margin;
  return Math.max(-towardsTruth, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
};

export const softmaxRowLoss: RowLoss = (margins, label) => {
  let most = margins[0] as number;
  for (const margin of margins) if (margin > most) most = margin;
  const own = (margins[label] as number) - most;
  let total = 0;
  for (let output = 0; output < margins.length; output += 1) {
    const weight = Math.exp((margins[output] as number) - most);
    margins[output] = weight;
    total += weight;
  }
  for (let output = 0; output < margins.length; output += 1)
    margins[output] = (margins[output] as number) / total - (output === label ? 1 : 0);
  return Math.log(total) - own;
};
