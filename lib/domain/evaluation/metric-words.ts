/** How a metric is called, and which way is better. `undefined` direction: it describes rather than judges. */
interface MetricWord {
  readonly title: string;
  readonly better?: 'higher' | 'lower';
}

const words: Readonly<Record<string, MetricWord>> = {
  auc: { title: 'AUC', better: 'higher' },
  averagePrecision: { title: 'Average precision', better: 'higher' },
  accuracy: { title: 'Accuracy', better: 'higher' },
  precision: { title: 'Precision', better: 'higher' },
  recall: { title: 'Recall', better: 'higher' },
  f1: { title: 'F1', better: 'higher' },
  macroF1: { title: 'F1, mean of classes', better: 'higher' },
  logLoss: { title: 'Log loss', better: 'lower' },
  brier: { title: 'Brier score', better: 'lower' },
  calibrationError: { title: 'Calibration error', better: 'lower' },
  rmse: { title: 'RMSE', better: 'lower' },
  mae: { title: 'Mean absolute error', better: 'lower' },
  medianAbsoluteError: { title: 'Median absolute error', better: 'lower' },
  r2: { title: 'R²', better: 'higher' },
  positiveShare: { title: 'Positive share' },
  meanProbability: { title: 'Mean probability' },
};

/** A metric as people call it. */
export const metricTitle = (name: string): string => words[name]?.title ?? name;

/** The few metrics a summary shows, those that are there, best known first. */
export const keyMetrics = (metrics: Readonly<Record<string, number | null>>): readonly string[] =>
  [
    'auc',
    'rmse',
    'logLoss',
    'accuracy',
    'averagePrecision',
    'f1',
    'mae',
    'r2',
    'calibrationError',
    'brier',
  ].filter((name) => typeof metrics[name] === 'number');

/** Whether `value` is better than `other`: undefined where the metric does not judge or the two are equal. */
export const isBetter = (name: string, value: number, other: number): boolean | undefined => {
  const better = words[name]?.better;
  if (better === undefined || value === other) return undefined;
  return better === 'higher' ? value > other : value < other;
};
