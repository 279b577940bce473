/** Above this many values the rarest join "other": bounds the model file at about half a megabyte a column. */
const maxValues = 20_000;

/** Rows a value needs to stand by itself: 1 % of the table, within limits. */
export interface RowLimits {
  readonly min: number;
  readonly max: number;
}

/** A weight that few rows share is held down by the ridge penalty. */
export const oneHotRows: RowLimits = { min: 2, max: 10 };

/**
 * The mean of a value contains the very rows it is used on: of n rows without any signal, mean and target still
 * correlate by 1/√n. 100 rows keep that at 0.1, as LightGBM's min_data_per_group does.
 */
export const targetMeanRows: RowLimits = { min: 10, max: 100 };

export interface CategoryValues {
  /** The values that stand by themselves, in code-unit order. */
  readonly values: readonly string[];
  readonly hasMissing: boolean;
}

/** Which values of a category are common enough to be told apart. */
export const commonValues = (column: readonly string[], { min, max }: RowLimits): CategoryValues => {
  const counts = new Map<string, number>();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  const hasMissing = counts.delete('');
  const minRows = Math.max(min, Math.min(max, Math.ceil(column.length / 100)));
  const common = [...counts].filter(([, rows]) => rows >= minRows);
  if (common.length > maxValues) common.sort(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1));
  return {
    values: common
      .slice(0, maxValues)
      .map(([value]) => value)
      .sort(),
    hasMissing,
  };
};
