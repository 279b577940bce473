/**
 * Limited-memory BFGS: Nocedal and Wright, Numerical Optimization (2nd ed.), algorithms 7.4 and 7.5; step lengths by the
 * bisection of Lewis and Overton, Nonsmooth optimization via quasi-Newton methods (2013), section 3.
 *
 * | symbol | meaning                                     |
 * | ------ | ------------------------------------------- |
 * | x, g   | where we are, and the gradient there        |
 * | s, y   | last steps in x and the changes they made in g |
 * | ρ      | 1 / (s · y), positive by the curvature rule |
 */
export interface Minimisation {
  readonly x: Float64Array;
  readonly isConverged: boolean;
  /** The value at the start and after each iteration. */
  readonly values: readonly number[];
}

const memory = 10;
const sufficientDecrease = 1e-4;
const curvature = 0.9;
/** Values closer than this, relatively, cannot be told apart: without it the last steps would look like failures. */
const valueNoise = 1e-14;
const maxStepTrials = 60;

interface Point {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

interface Correction {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

type Evaluate = (x: Float64Array, gradient: Float64Array) => number;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
};

const largest = (values: Float64Array): number => {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
};

const addScaled = (a: Float64Array, scale: number, b: Float64Array): Float64Array =>
  a.map((value, at) => value + scale * (b[at] as number));

/** −H g for the approximate inverse Hessian H of the corrections kept (the two-loop recursion). */
const descent = (gradient: Float64Array, corrections: readonly Correction[]): Float64Array => {
  let direction: Float64Array = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { s, y, rho } of corrections.toReversed()) {
    const share = rho * dot(s, direction);
    shares.push(share);
    direction = addScaled(direction, -share, y);
  }
  const newest = corrections.at(-1);
  if (newest !== undefined) {
    const scale = 1 / (newest.rho * dot(newest.y, newest.y));
    direction = direction.map((value) => value * scale);
  }
  for (const { s, y, rho } of corrections) {
    const share = (shares.pop() ?? 0) - rho * dot(y, direction);
    direction = addScaled(direction, share, s);
  }
  return direction;
};

/** A step that lowers the value enough and flattens the slope enough, or undefined when rounding hides any. */
const searchStep = (evaluate: Evaluate, from: Point, direction: Float64Array): Point | undefined => {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let step = 1;
  for (let trial = 0; trial < maxStepTrials; trial += 1) {
    const x = addScaled(from.x, step, direction);
    const gradient = new Float64Array(x.length);
    const value = evaluate(x, gradient);
    const allowed = from.value + sufficientDecrease * step * slope + valueNoise * Math.abs(from.value);
    if (!(value <= allowed)) high = step;
    else if (dot(gradient, direction) < curvature * slope) low = step;
    else return { x, gradient, value };
    step = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
  }
  return undefined;
};

const correctionOf = (from: Point, to: Point): Correction | undefined => {
  const s = addScaled(to.x, -1, from.x);
  const y = addScaled(to.gradient, -1, from.gradient);
  const product = dot(s, y);
  return product > 0 ? { s, y, rho: 1 / product } : undefined;
};

/**
 * Minimises a smooth convex function from x = 0. Converged when no component of the gradient exceeds the tolerance;
 * `evaluate` returns the value and fills the gradient, which comes zeroed.
 */
export const minimise = (options: {
  readonly size: number;
  readonly evaluate: Evaluate;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly onIteration?: ((done: number) => void) | undefined;
}): Minimisation => {
  const { size, evaluate, maxIterations, tolerance, onIteration } = options;
  const x = new Float64Array(size);
  const gradient = new Float64Array(size);
  let point: Point = { x, gradient, value: evaluate(x, gradient) };
  const values = [point.value];
  const corrections: Correction[] = [];
  while (largest(point.gradient) > tolerance && values.length <= maxIterations) {
    const next = searchStep(evaluate, point, descent(point.gradient, corrections));
    if (next === undefined) break;
    const correction = correctionOf(point, next);
    if (correction !== undefined) corrections.push(correction);
    if (corrections.length > memory) corrections.shift();
    point = next;
    values.push(point.value);
    onIteration?.(values.length - 1);
  }
  return { x: point.x, isConverged: largest(point.gradient) <= tolerance, values };
};
