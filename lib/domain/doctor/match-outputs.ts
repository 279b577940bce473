import type { ResolvedSpec } from '../model-spec/index.ts';
import type { DecodedModel, DecodedValue } from '../onnx/index.ts';
import type { Signature } from '../signature/index.ts';
import { error, type Finding } from './finding.ts';
import type { MatchOptions } from './match-inputs.ts';

export interface OutputMatch {
  readonly outputs: Signature['outputs'];
  readonly findings: readonly Finding[];
}

/** Finds what the model answers with: as the side-car says, else by name, else by type and shape. */
export const matchOutputs = (model: DecodedModel, options: MatchOptions): OutputMatch =>
  options.resolved.spec.task === 'regression' ? matchValue(model, options) : matchClasses(model, options);

const matchValue = (model: DecodedModel, { sidecar }: MatchOptions): OutputMatch => {
  const floats = model.outputs.filter(isFloat).filter((output) => [undefined, 1].includes(widthOf(output)));
  const value = choose(floats, sidecar.outputs?.value, /value|variable|predict|output|target/i);
  if (value !== undefined) return { outputs: { value }, findings: [] };
  const what = `no output is a float tensor [N] or [N, 1]; there are ${described(model)}`;
  const fix =
    'export a regressor, or name its output in `outputs.value` of a signature.json beside the model';
  return { outputs: {}, findings: [error('OUTPUT_MISSING', what, fix)] };
};

const matchClasses = (model: DecodedModel, { resolved, sidecar }: MatchOptions): OutputMatch => {
  const floats = model.outputs.filter(isFloat);
  const fitting = floats.filter((output) => isWidthOf(output, resolved));
  const probabilities = choose(fitting, sidecar.outputs?.probabilities, /prob|score|softmax|sigmoid/i);
  const label = choose(model.outputs.filter(isLabel), sidecar.outputs?.label, /label|class|predict/i);
  if (probabilities === undefined) return { outputs: {}, findings: [missing(model, floats, resolved)] };
  return { outputs: { ...(label !== undefined && { label }), probabilities }, findings: [] };
};

const missing = (
  model: DecodedModel,
  floats: readonly DecodedValue[],
  { classes = [] }: ResolvedSpec,
): Finding => {
  const [first] = floats;
  if (first !== undefined)
    return error(
      'OUTPUT_WIDTH',
      `output "${first.name}" has ${widthOf(first)} columns, the target has ${classes.length} classes: ${classes.join(', ')}`,
      'train on the same classes, or check the target in model.json',
    );
  return error(
    'OUTPUT_MISSING',
    `no output is a float tensor of probabilities [N, ${classes.length}]; there are ${described(model)}`,
    'export a classifier with predict_proba and zipmap=False; a label alone cannot be calibrated, compared or monitored',
  );
};

/** The one named in the side-car if it fits, else the first whose name sounds right, else the only one. */
const choose = (
  fitting: readonly DecodedValue[],
  told: string | undefined,
  sounds: RegExp,
): string | undefined => {
  if (told !== undefined) return fitting.find(({ name }) => name === told)?.name;
  const named = fitting.find(({ name }) => sounds.test(name));
  return named?.name ?? (fitting.length === 1 ? fitting[0]?.name : undefined);
};

const isFloat = ({ type }: DecodedValue): boolean =>
  type.kind === 'tensor' && (type.type === 'float32' || type.type === 'float64');

const isLabel = ({ type }: DecodedValue): boolean =>
  type.kind === 'tensor' && (type.type === 'int64' || type.type === 'string');

/** Two classes may come as one probability: that of the positive class. */
const isWidthOf = (output: DecodedValue, { classes = [] }: ResolvedSpec): boolean => {
  const width = widthOf(output);
  return width === undefined || width === classes.length || (width === 1 && classes.length === 2);
};

/** Columns of an output; 1 for [N], undefined when the file does not say. */
const widthOf = ({ type }: DecodedValue): number | undefined => {
  if (type.kind !== 'tensor' || type.shape === undefined) return undefined;
  const width = type.shape[1] ?? 1;
  return typeof width === 'number' ? width : undefined;
};

const described = ({ outputs }: DecodedModel): string =>
  outputs
    .map(({ name, type }) => `"${name}" (${type.kind === 'tensor' ? type.type : type.kind})`)
    .join(', ') || 'none';
