/** What the challenger gains when row i counts `times[i]` times; null where nothing can be measured. */
export type Gain = (times: Int32Array) => number | null;

interface Answers {
  readonly truth: ArrayLike<number>;
  readonly champion: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
}

/** 1 − Σ|truth − challenger| / Σ|truth − champion|: the share of the champion's error that goes away. */
export const relativeErrorGain = ({ truth, champion, challenger }: Answers): Gain => {
  const errors = (answers: ArrayLike<number>) =>
    Float64Array.from(answers, (answer, row) => Math.abs((truth[row] as number) - answer));
  const theirs = errors(champion);
  const mine = errors(challenger);
  return (times) => {
    let before = 0;
    let after = 0;
    for (let row = 0; row < times.length; row += 1) {
      before += (times[row] as number) * (theirs[row] as number);
      after += (times[row] as number) * (mine[row] as number);
    }
    return before === 0 ? null : 1 - after / before;
  };
};

/**
 * The area under the ROC curve of weighted rows, ties counted half (Mann and Whitney):
 * Σ over scores, ascending, of positives·(negatives below + ½·negatives level), over all pairs. Sorts once.
 */
const weightedAuc = (truth: ArrayLike<number>, scores: ArrayLike<number>): Gain => {
  const order = Int32Array.from(scores, (_, row) => row).sort(
    (left, right) => (scores[left] as number) - (scores[right] as number),
  );
  return (times) => {
    let [below, positives, pairs] = [0, 0, 0];
    for (let start = 0; start < order.length; ) {
      const score = scores[order[start] as number];
      let [levelPositives, levelNegatives] = [0, 0];
      for (; start < order.length && scores[order[start] as number] === score; start += 1) {
        const row = order[start] as number;
        if (truth[row] === 1) levelPositives += times[row] as number;
        else levelNegatives += times[row] as number;
      }
      pairs += levelPositives * (below + levelNegatives / 2);
      below += levelNegatives;
      positives += levelPositives;
    }
    return positives === 0 || below === 0 ? null : pairs / (positives * below);
  };
};

/** AUC of the challenger − AUC of the champion; null where the counted rows are all of one class. */
export const aucGain = ({ truth, champion, challenger }: Answers): Gain => {
  const theirs = weightedAuc(truth, champion);
  const mine = weightedAuc(truth, challenger);
  return (times) => {
    const [before, after] = [theirs(times), mine(times)];
    return before === null || after === null ? null : after - before;
  };
};
