/** Numbers of one type, written as XGBoost writes its lists. */
export class Numbers {
  readonly type: 'U' | 'l' | 'L' | 'd';
  readonly values: readonly number[];
  constructor(type: Numbers['type'], values: readonly number[]) {
    this.type = type;
    this.values = values;
  }
}
export const numbers = (type: Numbers['type'], values: readonly number[]): Numbers =>
  new Numbers(type, values);

const sizes = { U: 1, l: 4, L: 8, d: 4 };

const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from('L'), long(bytes.length), bytes]);
};

const typed = ({ type, values }: Numbers): Buffer => {
  const bytes = Buffer.alloc(values.length * sizes[type]);
  for (const [index, value] of values.entries()) {
    const at = index * sizes[type];
    if (type === 'U') bytes.writeUInt8(value, at);
    else if (type === 'l') bytes.writeInt32BE(value, at);
    else if (type === 'L') bytes.writeBigInt64BE(BigInt(value), at);
    else bytes.writeFloatBE(value, at);
  }
  return Buffer.concat([Buffer.from(`[$${type}#L`), long(values.length), bytes]);
};

/** A document as XGBoost writes it: 64-bit lengths, members without a count. */
export const ubjson = (value: unknown): Buffer => {
  if (value instanceof Numbers) return typed(value);
  if (value === null) return Buffer.from('Z');
  if (typeof value === 'boolean') return Buffer.from(value ? 'T' : 'F');
  if (typeof value === 'number') return Buffer.from([0x69, value & 0xff]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from('S'), text(value)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('['), ...value.map(ubjson), Buffer.from(']')]);
  const members = Object.entries(value as object).flatMap(([name, member]) => [text(name), ubjson(member)]);
  return Buffer.concat([Buffer.from('{'), ...members, Buffer.from('}')]);
};

/** A tree of one split. */
export interface StumpStory {
  readonly threshold: number;
  readonly left: number;
  readonly right: number;
  readonly defaultLeft?: number;
  readonly feature?: number;
  readonly splitType?: number;
  /** The right child is the root again. */
  readonly loops?: boolean;
}

export interface XgboostStory {
  readonly objective?: string;
  readonly booster?: string;
  readonly baseScore?: string;
  readonly numFeature?: number;
  readonly numClass?: number;
  readonly leafVector?: number;
  readonly bestIteration?: number;
  readonly trees?: readonly StumpStory[];
  /** @default - one tree a round */
  readonly roundEnds?: readonly number[];
  /** Of every tree. @default 0 */
  readonly treeInfo?: number;
}

/** As whole numbers, unless a broken file is what is wanted. */
const places = (values: readonly number[]): Numbers =>
  numbers(values.every(Number.isInteger) ? 'l' : 'd', values);

const stump = (story: StumpStory, leafVector: number): object => ({
  left_children: numbers('l', [1, -1, -1]),
  right_children: numbers('l', [story.loops ? 0 : 2, -1, -1]),
  split_indices: places([story.feature ?? 0, 0, 0]),
  split_conditions: numbers('d', [story.threshold, story.left, story.right]),
  default_left: numbers('U', [story.defaultLeft ?? 0, 0, 0]),
  loss_changes: numbers('d', [1, 0, 0]),
  split_type: numbers('U', [story.splitType ?? 0, 0, 0]),
  categories_nodes: numbers('l', []),
  tree_param: { num_nodes: '3', size_leaf_vector: String(leafVector) },
});

/** The bytes of a model of stumps, one a round. */
export const xgboostFile = (story: XgboostStory): Uint8Array => {
  const { trees = [{ threshold: 0, left: -1, right: 1 }], bestIteration, leafVector = 1 } = story;
  return ubjson({
    learner: {
      attributes: bestIteration === undefined ? {} : { best_iteration: String(bestIteration) },
      gradient_booster: {
        name: story.booster ?? 'gbtree',
        model: {
          iteration_indptr: places(
            story.roundEnds ?? Array.from({ length: trees.length + 1 }, (_, round) => round),
          ),
          tree_info: places(trees.map(() => story.treeInfo ?? 0)),
          trees: trees.map((tree) => stump(tree, leafVector)),
        },
      },
      learner_model_param: {
        base_score: story.baseScore ?? '0E0',
        num_class: String(story.numClass ?? 0),
        num_feature: String(story.numFeature ?? 2),
        num_target: '1',
      },
      objective: { name: story.objective ?? 'reg:squarederror' },
    },
    version: numbers('L', [3, 0, 5]),
  });
};
