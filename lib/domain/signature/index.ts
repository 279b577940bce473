export { buildSignature, type SignatureParts } from './build-signature.ts';
export { parseDatetime } from './parse-datetime.ts';
export { parseRows, type RowIssue, type RowLimits } from './parse-rows.ts';
export { chooseLabels, type Predictions } from './predictions.ts';
export { readSignature, SidecarSchema, SignatureSchema } from './read-signature.ts';
export type { Signature, SignatureColumn, SignatureInput, TensorType } from './signature.ts';
export { type FeedTensor, type RowRange, tableToTensors } from './table-to-tensors.ts';
