import type { Target } from '../../dataset/index.ts';
import type { Objective } from './objective.ts';
import { binaryObjective } from './objective-binary.ts';
import { multiclassObjective } from './objective-multiclass.ts';
import { squaredErrorObjective } from './objective-squared-error.ts';

/** The loss that fits the target. */
export const objectiveFor = (target: Target): Objective => {
  if (target.kind === 'values') return squaredErrorObjective(target.values);
  if (target.classes.length === 2) return binaryObjective(target.indices);
  return multiclassObjective(target.indices, target.classes.length);
};
