import type { ColumnKind } from '../dataset/index.ts';
import type { SignatureInput, TensorType } from '../signature/index.ts';
import type { FittedFeatures } from './fitted-features.ts';

const tensorTypes: Record<ColumnKind, TensorType> = {
  number: 'float64',
  boolean: 'float64',
  datetime: 'int64',
  category: 'string',
  text: 'string',
};

/** The door of our models: one input [N, 1] for each raw column, named as the column. */
export const featureSignatureInputs = (fitted: Pick<FittedFeatures, 'columns'>): readonly SignatureInput[] =>
  fitted.columns.map(({ name, kind }) => ({
    tensor: name,
    type: tensorTypes[kind],
    columns: [name],
    rank: 2,
  }));
