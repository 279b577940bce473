/** Lends out histograms of one size and takes them back, so that growing trees allocates no memory after the first. */
export interface HistogramPool {
  /** `undefined` when the budget is used up; contents are whatever the last borrower left. */
  borrow(): Float64Array | undefined;
  giveBack(histogram: Float64Array): void;
}

/** Makes histograms of `length` numbers as they are asked for, until they would take more than the budget. */
export const histogramPool = (length: number, budgetBytes: number): HistogramPool => {
  const most = Math.floor(budgetBytes / (length * Float64Array.BYTES_PER_ELEMENT));
  const free: Float64Array[] = [];
  let made = 0;
  return {
    borrow: () => {
      const histogram = free.pop();
      if (histogram !== undefined || made >= most) return histogram;
      made += 1;
      return new Float64Array(length);
    },
    giveBack: (histogram) => {
      free.push(histogram);
    },
  };
};
