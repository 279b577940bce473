import { Tensor } from 'onnxruntime-node';
import type { FeedTensor } from '../../domain/signature/index.ts';

/** A tensor of the runtime over the same memory. */
export const tensorOf = ({ type, dims, data }: FeedTensor): Tensor => {
  // ONNX Runtime types one constructor overload a type; the pairs of type and data are made in tableToTensors.
  const create = Tensor as new (type: string, data: FeedTensor['data'], dims: readonly number[]) => Tensor;
  return new create(type, data, dims);
};
