import type { AttributeValue, DecodedModel } from '../onnx/index.ts';
import { error, type Finding, warning } from './finding.ts';
import type { MatchOptions } from './match-inputs.ts';

export interface ClassMatch {
  /** Absent when the model's order is that of the spec. */
  readonly probabilityColumns?: readonly number[];
  readonly findings: readonly Finding[];
}

/** Which column of the probabilities belongs to which class of the target. */
export const matchClasses = (model: DecodedModel, { resolved, sidecar }: MatchOptions): ClassMatch => {
  const { classes } = resolved;
  if (classes === undefined) return { findings: [] };
  const own = sidecar.classes ?? modelClasses(model);
  if (own === undefined) return { findings: [assumed('names no classes', classes)] };
  const columns = classes.map((label) => own.indexOf(label));
  if (own.length === classes.length && !columns.includes(-1)) {
    const isSameOrder = columns.every((column, index) => column === index);
    return { ...(!isSameOrder && { probabilityColumns: columns }), findings: [] };
  }
  const isNumbered = own.length === classes.length && own.every((label, index) => label === String(index));
  if (isNumbered) return { findings: [assumed('numbers its classes', classes)] };
  const what = `the model knows the classes ${own.join(', ')}, the target has ${classes.join(', ')}`;
  return {
    findings: [error('CLASSES_DIFFER', what, 'train on the same classes, or check the target in model.json')],
  };
};

const assumed = (does: string, classes: readonly string[]): Finding =>
  warning(
    'CLASSES_ASSUMED',
    `the model ${does}; its probabilities are taken to be, in order, of ${classes.join(', ')}`,
    'if the order is another, list it as `classes` in a signature.json beside the model',
  );

const labelAttributes = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];

/** The labels a classifier of scikit-learn, XGBoost or LightGBM carries, as text; undefined when there are none. */
const modelClasses = ({ nodes }: DecodedModel): readonly string[] | undefined => {
  for (const { attributes } of nodes)
    for (const name of labelAttributes) {
      const labels = labelsOf(attributes[name]);
      if (labels.length > 0) return labels;
    }
  return undefined;
};

const labelsOf = (value: AttributeValue | undefined): readonly string[] => {
  if (value !== undefined && 'strings' in value) return value.strings;
  return value !== undefined && 'ints' in value ? Array.from(value.ints, String) : [];
};
