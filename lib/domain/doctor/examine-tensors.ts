import type { DecodedModel, DecodedValue } from '../onnx/index.ts';
import { error, type Finding } from './finding.ts';

/** Whether rows can go in and answers come out as tensors, any number of rows at once. */
export const examineTensors = (model: DecodedModel): Finding[] => [
  ...model.inputs.flatMap(examineInput),
  ...model.outputs.flatMap((output) => examineOutput(output, model)),
];

const examineInput = ({ name, type }: DecodedValue): Finding[] => {
  if (type.kind !== 'tensor')
    return [
      error('INPUT_NOT_A_TENSOR', `input "${name}" is a ${type.kind}`, 'export the model with tensor inputs'),
    ];
  const { shape } = type;
  if (shape === undefined) return [];
  if (shape.length < 1 || shape.length > 2)
    return [
      error(
        'INPUT_SHAPE',
        `input "${name}" has ${shape.length} dimensions, expected [rows] or [rows, columns]`,
        'give the model a table: one row per example, and reshape inside the model',
      ),
    ];
  const [rows] = shape;
  return typeof rows === 'number' ? [fixedBatch(name, rows, shape[1])] : [];
};

const fixedBatch = (name: string, rows: number, columns: number | string | undefined): Finding =>
  error(
    'FIXED_BATCH',
    `input "${name}" takes exactly ${rows} row(s) at a time`,
    `leave the first dimension free: initial_types=[("${name}", FloatTensorType([None, ${columns ?? 1}]))] in ` +
      `skl2onnx, or dynamic_axes={"${name}": {0: "N"}} in torch.onnx.export`,
  );

const examineOutput = ({ name, type }: DecodedValue, { nodes }: DecodedModel): Finding[] => {
  if (type.kind === 'tensor') return [];
  const isZipMap = nodes.some(({ operator, outputs }) => operator === 'ZipMap' && outputs.includes(name));
  const what = `output "${name}" is a ${type.kind}${isZipMap ? ' made by ZipMap' : ''}, and only tensors can be read`;
  const fix = isZipMap
    ? 'convert with zipmap=False: to_onnx(model, X, options={"zipmap": False})'
    : 'export the model with tensor outputs';
  return [error('OUTPUT_NOT_A_TENSOR', what, fix)];
};
