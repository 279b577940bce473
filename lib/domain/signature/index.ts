export type { Signature, SignatureColumn, SignatureInput, TensorType } from './signature.ts';
