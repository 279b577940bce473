import type { Evaluation } from '../../lib/domain/evaluation/index.ts';

/** The numbers that tables of runs and versions show. */
export const headline = ({ metrics, primary, task }: Evaluation): Record<string, number> => {
  const names =
    task === 'regression' ? [primary.name, 'mae', 'r2'] : [primary.name, 'auc', 'accuracy', 'f1', 'logLoss'];
  const shown = [...new Set(names)].flatMap((name) =>
    typeof metrics[name] === 'number' ? [[name, metrics[name]] as const] : [],
  );
  return Object.fromEntries(shown);
};
