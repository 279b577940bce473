import type { Predictions, Signature } from '../signature/index.ts';
import type { OpenInferenceTensor, TensorMetadata } from './open-inference-types.ts';
import { datatypeOfKind } from './open-inference-types.ts';

/** One answered row of a classifier. */
export interface ClassAnswer {
  readonly label: string;
  /** Binary: of the positive class. More classes: of the label. */
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly predictionId: string;
}

export interface ValueAnswer {
  readonly value: number;
  readonly predictionId: string;
}

export type PlainAnswer = ClassAnswer | ValueAnswer;

/** As answers show numbers: models answer in float32, 7 significant digits are all it has, and 0.3 reads better than 0.30000001192092896. */
export const shownNumber = (value: number): number => Number(value.toPrecision(7));

/** One object a row, in the order of the request. */
export const plainAnswers = (
  predictions: Predictions,
  signature: Signature,
  predictionIds: readonly string[],
): readonly PlainAnswer[] => {
  if (predictions.kind === 'values')
    return predictionIds.map((predictionId, row) => ({
      value: shownNumber(predictions.values[row] ?? Number.NaN),
      predictionId,
    }));
  const classes = signature.classes ?? [];
  const positive = signature.positiveClass === undefined ? -1 : classes.indexOf(signature.positiveClass);
  return predictionIds.map((predictionId, row) => {
    const label = predictions.labels[row] ?? -1;
    const of = (index: number) =>
      shownNumber(predictions.probabilities[row * classes.length + index] ?? Number.NaN);
    return {
      label: classes[label] ?? '',
      probability: of(positive < 0 ? label : positive),
      probabilities: Object.fromEntries(classes.map((name, index) => [name, of(index)])),
      predictionId,
    };
  });
};

/** The answer as Open Inference Protocol tensors; the order is that of the metadata. */
export const openInferenceOutputs = (
  predictions: Predictions,
  signature: Signature,
  predictionIds: readonly string[],
): readonly OpenInferenceTensor[] => {
  const rows = predictionIds.length;
  const ids: OpenInferenceTensor = {
    name: 'predictionId',
    datatype: 'BYTES',
    shape: [rows],
    data: predictionIds,
  };
  if (predictions.kind === 'values')
    return [{ name: 'value', datatype: 'FP64', shape: [rows], data: [...predictions.values] }, ids];
  const classes = signature.classes ?? [];
  const answers = plainAnswers(predictions, signature, predictionIds).filter((answer) => 'label' in answer);
  return [
    { name: 'label', datatype: 'BYTES', shape: [rows], data: answers.map((answer) => answer.label) },
    {
      name: 'probability',
      datatype: 'FP64',
      shape: [rows],
      data: answers.map((answer) => answer.probability),
    },
    {
      name: 'probabilities',
      datatype: 'FP64',
      shape: [rows, classes.length],
      data: [...predictions.probabilities],
    },
    ids,
  ];
};

/** What a model takes and gives, in the protocol's words. -1 stands for any number of rows. */
export const openInferenceMetadata = (
  signature: Signature,
): { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] } => {
  const ids: TensorMetadata = { name: 'predictionId', datatype: 'BYTES', shape: [-1] };
  const classes = signature.classes ?? [];
  const outputs: readonly TensorMetadata[] =
    signature.task === 'regression'
      ? [{ name: 'value', datatype: 'FP64', shape: [-1] }, ids]
      : [
          { name: 'label', datatype: 'BYTES', shape: [-1] },
          { name: 'probability', datatype: 'FP64', shape: [-1] },
          { name: 'probabilities', datatype: 'FP64', shape: [-1, classes.length], parameters: { classes } },
          ids,
        ];
  const inputs = signature.columns.map((column) => ({
    name: column.name,
    datatype: datatypeOfKind[column.kind],
    shape: [-1],
  }));
  return { inputs, outputs };
};
