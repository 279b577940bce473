import type { ResolvedSpec } from '../model-spec/index.ts';
import type { Signature } from './signature.ts';

export interface SignatureParts extends Pick<Signature, 'columns' | 'inputs' | 'outputs'> {
  readonly resolved: ResolvedSpec;
  /** Binary only. @default 0.5 */
  readonly threshold?: number;
  /** @default - the model gives probabilities in the order of `resolved.classes` */
  readonly probabilityColumns?: readonly number[];
}

/** The signature of a model for a spec: task, target and classes from the spec, columns and tensors from the model. */
export const buildSignature = ({ resolved, threshold = 0.5, ...parts }: SignatureParts): Signature => {
  const { spec, classes, positiveClass } = resolved;
  const { columns, inputs, outputs, probabilityColumns } = parts;
  return {
    schemaVersion: 1,
    task: spec.task,
    target: resolved.targetName,
    columns,
    inputs,
    outputs,
    ...(classes !== undefined && { classes }),
    ...(probabilityColumns !== undefined && { probabilityColumns }),
    ...(spec.task === 'binary' && positiveClass !== undefined && { positiveClass, threshold }),
  };
};
