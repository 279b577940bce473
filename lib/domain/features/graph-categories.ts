import type { OnnxTensor } from '../onnx/index.ts';
import type { OneHotFeature, TargetMeanFeature } from './fitted-features.ts';
import type { GraphBuilder } from './graph-builder.ts';

type Column = { readonly column: string; readonly values: readonly string[] };

/**
 * symbol   meaning                                                                   shape, type
 * code     position of a value in the table of all categories: values of the first
 *          column, its "other", its "missing", then those of the second, and so on   [N, columns] int64
 */
const codes = (
  builder: GraphBuilder,
  features: readonly (Column & { readonly missing: number })[],
): string => {
  let start = 0;
  const columns = features.map(({ column, values, missing }) => {
    const first = start;
    start += values.length + 2;
    const of = (position: number) => BigInt(first + position);
    const known = BigInt64Array.from([...values.map((_, i) => of(i)), of(missing)]);
    const other = BigInt64Array.of(of(values.length));
    return lookUp(builder, { column, values }, { type: 'int64', known, other });
  });
  return builder.concat(columns);
};

interface LookUp {
  readonly type: OnnxTensor['type'];
  /** For each of the values, and last for ''. */
  readonly known: BigInt64Array | Float64Array;
  /** For everything else. */
  readonly other: BigInt64Array | Float64Array;
}

/** A string column through a hash map. */
const lookUp = (
  { graph }: GraphBuilder,
  { column, values }: Column,
  { type, known, other }: LookUp,
): string => {
  const size = [values.length + 1];
  const attributes = {
    keys_tensor: { tensor: { name: 'keys', type: 'string', dims: size, data: [...values, ''] } },
    values_tensor: { tensor: { name: 'values', type, dims: size, data: known } },
    default_tensor: { tensor: { name: 'default', type, dims: [1], data: other } },
  } as const;
  return graph.node('LabelEncoder', [column], { domain: 'ai.onnx.ml', attributes });
};

/** Target means, all columns side by side, for each column one a name: [N, columns × names] float64. */
export const targetMeans = (builder: GraphBuilder, features: readonly TargetMeanFeature[]): string => {
  const names = features[0]?.names.length ?? 1;
  const gap = new Array<number>(names).fill(Number.NaN);
  if (names === 1)
    return builder.concat(
      features.map(({ column, values, means, other, missing }) => {
        const known = Float64Array.from([...means, missing ?? gap].flat());
        return lookUp(
          builder,
          { column, values },
          { type: 'float64', known, other: Float64Array.from(other) },
        );
      }),
    );
  const rows = features.flatMap(({ means, other, missing }) => [...means, other, missing ?? gap]);
  const table = builder.doubles(rows.flat(), [rows.length, names]);
  const code = codes(
    builder,
    features.map((each) => ({ ...each, missing: each.values.length + 1 })),
  );
  const means = builder.op('Gather', table, code); // [N, columns, names]
  return builder.op('Reshape', means, builder.ints([-1, features.length * names]));
};

/** 0 and 1 for each value, "other" and, where training saw it, "missing": [N, all of them] float64. */
export const oneHots = (builder: GraphBuilder, features: readonly OneHotFeature[]): string => {
  const { ints, op, pick, cast } = builder;
  const code = codes(
    builder,
    features.map((each) => ({ ...each, missing: each.values.length + (each.hasMissing ? 1 : 0) })),
  );
  const columnOf: number[] = [];
  const codeOf: number[] = [];
  let start = 0;
  features.forEach(({ values, hasMissing }, column) => {
    const size = values.length + (hasMissing ? 2 : 1);
    for (let position = 0; position < size; position++) {
      columnOf.push(column);
      codeOf.push(start + position);
    }
    start += values.length + 2;
  });
  return cast(op('Equal', pick(code, ints(columnOf)), ints(codeOf)), 'float64');
};
