/**
 * Isotonic regression by pooling adjacent violators: Best and Chakravarti, "Active set algorithms for isotonic regression;
 * a unifying framework", Mathematical Programming 47 (1990), section 3. Ties and trimming as scikit-learn's
 * `IsotonicRegression` does them.
 *
 *     minimise Σ w_i (y_i − f(x_i))²    subject to f(a) ≤ f(b) wherever a ≤ b
 *
 * Notation: a point is one distinct x with its weighted mean y and its weight w; a block is a run of points pooled into
 * their weighted mean. All float64. Invariant of the stack of blocks: means strictly rise.
 */
export interface IsotonicInput {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Default 1 each. A row of weight 0 does not exist. */
  readonly weights?: ArrayLike<number>;
}

/** The corners of the fitted line: x strictly rises, y never falls. Between corners it is straight, outside level. */
export interface IsotonicFit {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface Points {
  readonly x: number[];
  readonly y: number[];
  readonly w: number[];
}

// Decimal resolution of float64: scores closer than this are one score.
const resolution = 1e-15;

const usableRows = ({ x, y, weights }: IsotonicInput): number[] => {
  if (x.length !== y.length || (weights && weights.length !== x.length))
    throw new RangeError(
      `${x.length} x, ${y.length} y, ${weights?.length ?? x.length} weights: not one each`,
    );
  return Array.from(x, (_, row) => row).filter((row) => {
    const weight = weights?.[row] ?? 1;
    return Number.isFinite(x[row]) && Number.isFinite(y[row]) && Number.isFinite(weight) && weight > 0;
  });
};

/** Rows of one x become one point; by x, then y, so that the order of the rows cannot show in the last digit. */
const pointsOf = (input: IsotonicInput): Points => {
  const at = (values: ArrayLike<number>, row: number) => values[row] as number;
  const rows = usableRows(input).sort(
    (a, b) => at(input.x, a) - at(input.x, b) || at(input.y, a) - at(input.y, b),
  );
  const points: Points = { x: [], y: [], w: [] };
  for (const row of rows) {
    const [x, y, w] = [at(input.x, row), at(input.y, row), input.weights?.[row] ?? 1];
    const last = points.x.length - 1;
    if (last >= 0 && x - at(points.x, last) < resolution) {
      points.y[last] = at(points.y, last) + w * y;
      points.w[last] = at(points.w, last) + w;
    } else {
      points.x.push(x);
      points.y.push(w * y);
      points.w.push(w);
    }
  }
  return { ...points, y: points.y.map((sum, index) => sum / at(points.w, index)) };
};

interface Block {
  readonly mean: number;
  readonly weight: number;
  readonly points: number;
}

const pooled = (a: Block, b: Block): Block => {
  const weight = a.weight + b.weight;
  return { mean: (a.weight * a.mean + b.weight * b.mean) / weight, weight, points: a.points + b.points };
};

/** Each point is pushed once and merged at most once: O(n) after the sort. */
const poolViolators = ({ y, w }: Points): number[] => {
  const blocks: Block[] = [];
  y.forEach((mean, index) => {
    let block: Block = { mean, weight: w[index] as number, points: 1 };
    for (let below = blocks.at(-1); below && below.mean >= block.mean; below = blocks.at(-1)) {
      blocks.pop();
      block = pooled(below, block);
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ mean, points }) => new Array<number>(points).fill(mean));
};

/**
 * The rising line nearest to some points. Rows with no finite x or y, or without weight, are left out; no rows give no
 * corners. Points inside a level stretch are dropped: they change nothing.
 */
export const fitIsotonic = (input: IsotonicInput): IsotonicFit => {
  const points = pointsOf(input);
  const y = poolViolators(points);
  const isCorner = (index: number) => y[index] !== y[index - 1] || y[index] !== y[index + 1];
  return {
    x: points.x.filter((_, index) => isCorner(index)),
    y: y.filter((_, index) => isCorner(index)),
  };
};
