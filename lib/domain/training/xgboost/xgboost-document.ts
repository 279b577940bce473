import * as z from 'zod';
import { MillraceError } from '../../../wire/errors.ts';
import { readUbjson } from './read-ubjson.ts';

/** Numbers, in whichever type the writer chose. */
export type Numbers = ArrayLike<number>;

const isNumbers = (value: unknown): value is Numbers =>
  (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
  (Array.isArray(value) && value.every((member) => typeof member === 'number'));

const Numbers = z.custom<Numbers>(isNumbers, 'expected a list of numbers');
/** XGBoost writes the numbers of its parameters as text. */
const TextNumber = z
  .string()
  .regex(/^-?\d+$/, 'expected a whole number')
  .transform(Number);

const Tree = z.object({
  left_children: Numbers,
  right_children: Numbers,
  split_indices: Numbers,
  split_conditions: Numbers,
  default_left: Numbers,
  loss_changes: Numbers,
  split_type: Numbers.optional(),
  categories_nodes: Numbers.optional(),
  tree_param: z.object({ size_leaf_vector: TextNumber.default(1) }),
});
export type XgboostTree = z.infer<typeof Tree>;

const Booster = z.object({
  name: z.literal('gbtree', 'expected "gbtree"'),
  model: z.object({
    iteration_indptr: Numbers,
    tree_info: Numbers,
    trees: z.array(Tree),
  }),
});

/** The part of a saved model that predicting needs: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html */
const Document = z.object({
  version: Numbers.refine((version) => version.length === 3, 'expected three numbers'),
  learner: z.object({
    attributes: z.record(z.string(), z.string()).default({}),
    objective: z.object({ name: z.string() }),
    learner_model_param: z.object({
      base_score: z.string(),
      num_class: TextNumber,
      num_feature: TextNumber,
      num_target: TextNumber.default(1),
    }),
    gradient_booster: Booster,
  }),
});
export type XgboostDocument = z.infer<typeof Document>;

/** What the first bytes of a file that is no UBJSON say of it. */
const kindOfFile = ([first = -1, second = -1]: Uint8Array): string => {
  if (first === 0x80) return 'a Python pickle';
  if (first === 0x7b && (second === 0x22 || second === 0x0a || second === 0x20)) return 'JSON text';
  return 'the old binary format';
};

/** An object whose first name has a length with a type marker: `{i`, `{U`, `{I`, `{l` or `{L`. */
const isUbjson = ([first, second = 0]: Uint8Array): boolean =>
  first === 0x7b && 'iUIlL}$#'.includes(String.fromCharCode(second));

/**
 * Reads the bytes of a model that XGBoost 2.1 or later saved by default. Throws TRAINING_OUTPUT_INVALID for anything
 * else, naming what came.
 */
export const readXgboostDocument = (bytes: Uint8Array): XgboostDocument => {
  if (!isUbjson(bytes))
    throw new MillraceError(
      'TRAINING_OUTPUT_INVALID',
      `the model of XGBoost is ${kindOfFile(bytes)}, expected UBJSON, which XGBoost writes from 2.1 on`,
    );
  const parsed = Document.safeParse(readUbjson(bytes));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).slice(0, 5);
  throw new MillraceError(
    'TRAINING_OUTPUT_INVALID',
    `the model of XGBoost is not one we can serve: ${issues.join(' | ')}`,
    { issues },
  );
};
