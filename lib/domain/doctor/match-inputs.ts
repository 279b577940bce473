import type * as z from 'zod';
import type { ColumnKind } from '../dataset/index.ts';
import type { ResolvedColumn, ResolvedSpec } from '../model-spec/index.ts';
import type { DecodedModel, DecodedValue } from '../onnx/index.ts';
import type { SidecarSchema, SignatureInput, TensorType } from '../signature/index.ts';
import { error, type Finding, warning } from './finding.ts';

export interface InputMatch {
  readonly inputs: readonly SignatureInput[];
  readonly findings: readonly Finding[];
}

/** What the owner says about a model, checked. */
export type Sidecar = z.infer<typeof SidecarSchema>;

export interface MatchOptions {
  readonly resolved: ResolvedSpec;
  readonly sidecar: Sidecar;
}

/** What each kind of column can be fed as. */
const tensorTypes: Record<ColumnKind, readonly TensorType[]> = {
  number: ['float32', 'float64', 'int64', 'int32', 'bool'],
  boolean: ['float32', 'float64', 'int64', 'int32', 'bool'],
  datetime: ['int64', 'float64'],
  category: ['string'],
  text: ['string'],
};

const nameThem =
  'name each input after its column, or drop a signature.json beside the model with `inputs` ' +
  '(tensor, type, columns, rank)';

/** Finds the columns that feed each input: as the side-car says, by name, or all numbers into the only tensor. */
export const matchInputs = (model: DecodedModel, options: MatchOptions): InputMatch => {
  const matches = model.inputs.map((input) => matchInput(input, model, options));
  return {
    inputs: matches.flatMap(({ inputs }) => inputs),
    findings: matches.flatMap(({ findings }) => findings),
  };
};

const matchInput = (value: DecodedValue, model: DecodedModel, options: MatchOptions): InputMatch => {
  const { type } = value;
  if (type.kind !== 'tensor') return { inputs: [], findings: [] }; // found by examineTensors
  const { columns, findings } = columnsOf(value, model, options);
  if (columns.length === 0) return { inputs: [], findings };
  const rank = type.shape?.length === 1 ? 1 : 2;
  const problems = [...findings, ...examineColumns(value, columns, options.resolved)];
  if (!isTensorType(type.type)) return { inputs: [], findings: problems };
  return { inputs: [{ tensor: value.name, type: type.type, columns, rank }], findings: problems };
};

const isTensorType = (type: string): type is TensorType =>
  tensorTypes.number.some((each) => each === type) || type === 'string';

interface ColumnMatch {
  readonly columns: readonly string[];
  readonly findings: readonly Finding[];
}

const columnsOf = (
  value: DecodedValue,
  model: DecodedModel,
  { resolved, sidecar }: MatchOptions,
): ColumnMatch => {
  const told = sidecar.inputs?.find(({ tensor }) => tensor === value.name)?.columns;
  if (told !== undefined) return { columns: told, findings: [] };
  const width = widthOf(value);
  const named = resolved.columns.find(({ name }) => plain(name) === plain(value.name));
  if (named !== undefined && (width === undefined || width === 1))
    return { columns: [named.name], findings: [] };
  if (model.inputs.length === 1) return allInOne(value, model, { resolved, sidecar });
  const columns = resolved.columns.map(({ name }) => name).join(', ');
  const what = `input "${value.name}" is named like no column; there are ${columns}`;
  return { columns: [], findings: [error('INPUT_UNMATCHED', what, nameThem)] };
};

/** Upper and lower case, spaces and punctuation get lost on the way through exporters. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_');

/** undefined when the file does not say. */
const widthOf = ({ type }: DecodedValue): number | undefined => {
  if (type.kind !== 'tensor' || type.shape === undefined) return undefined;
  const width = type.shape[1] ?? 1;
  return typeof width === 'number' ? width : undefined;
};

/** One tensor of k columns: those listed in the side-car or the model's metadata, else every number, in data order. */
const allInOne = (
  value: DecodedValue,
  model: DecodedModel,
  { resolved, sidecar }: MatchOptions,
): ColumnMatch => {
  const width = widthOf(value);
  const listed = sidecar.columns?.map(({ name }) => name) ?? listedFeatures(model.metadata);
  const guessed = resolved.columns.filter(isNumericFeature).map(({ name }) => name);
  const columns = listed ?? guessed;
  if (columns.length === 0 || (width !== undefined && width !== columns.length)) {
    const what =
      `input "${value.name}" takes ${width ?? 'some'} columns, ` +
      `${listed === undefined ? 'the data has' : 'listed are'} ${columns.length}: ${columns.join(', ')}`;
    return { columns: [], findings: [error('INPUT_UNMATCHED', what, listThem)] };
  }
  if (listed !== undefined || columns.length === 1) return { columns, findings: [] };
  const what = `input "${value.name}" is taken to hold, in this order, ${columns.join(', ')}`;
  return { columns, findings: [warning('COLUMN_ORDER_ASSUMED', what, listThem)] };
};

const listThem =
  'list the columns in order: model metadata `features` as a JSON list of names, or `inputs` in a signature.json ' +
  'beside the model';

const isNumericFeature = ({ role, kind }: ResolvedColumn): boolean =>
  role === 'feature' && (kind === 'number' || kind === 'boolean');

const listedFeatures = (metadata: Readonly<Record<string, string>>): string[] | undefined => {
  const text = metadata.features;
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((name) => typeof name === 'string') ? list : undefined;
  } catch {
    return undefined; // somebody else's `features`
  }
};

const examineColumns = (value: DecodedValue, columns: readonly string[], resolved: ResolvedSpec): Finding[] =>
  columns.flatMap((name) => {
    const column = resolved.columns.find((each) => each.name === name);
    if (column === undefined)
      return [
        error('INPUT_UNMATCHED', `input "${value.name}" needs "${name}", which the data has not`, nameThem),
      ];
    if (column.role === 'target' || column.role === 'labelSource')
      return [
        error(
          'INPUT_IS_TARGET',
          `input "${value.name}" takes "${name}", which is what is to be predicted`,
          'train without it: it is not known when predicting',
        ),
      ];
    return examineType(value, column);
  });

const examineType = ({ name, type }: DecodedValue, column: ResolvedColumn): Finding[] => {
  const accepted = tensorTypes[column.kind];
  if (type.kind !== 'tensor' || accepted.some((each) => each === type.type)) return [];
  return [
    error(
      'INPUT_TYPE',
      `input "${name}" is ${type.type}, its column "${column.name}" is a ${column.kind}`,
      `export the input as ${accepted.join(' or ')}, or set the kind of the column in model.json`,
    ),
  ];
};
