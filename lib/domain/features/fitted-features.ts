import type { dateParts } from '../model-spec/feature-transform.ts';
import type { SignatureColumn } from '../signature/index.ts';

export type DatePart = (typeof dateParts)[number];

/** How a number is computed from raw columns; the graph and nothing else does it when training and serving. */
export type NumberRule =
  | { readonly kind: 'number'; readonly column: string }
  | { readonly kind: 'log'; readonly column: string }
  | { readonly kind: 'ratio'; readonly numerator: string; readonly denominator: string }
  | { readonly kind: 'clip'; readonly column: string; readonly min?: number; readonly max?: number }
  | { readonly kind: 'bucket'; readonly column: string; readonly edges: readonly number[] }
  | { readonly kind: 'datePart'; readonly column: string; readonly part: DatePart }
  | { readonly kind: 'textLength'; readonly column: string }
  | { readonly kind: 'wordCount'; readonly column: string };

/** What a linear model needs of a number: no gaps, mean 0 and deviation 1. */
export interface Scaling {
  /** Stands in for a missing value: the median of the training rows. */
  readonly fill: number;
  /** Training had missing values, so a second feature says "was missing". */
  readonly hasIndicator: boolean;
  /** Mean and standard deviation of the training rows after filling; scale is 1 for a constant. */
  readonly mean: number;
  readonly scale: number;
}

export interface NumberFeature {
  readonly name: string;
  readonly rule: NumberRule;
  /** Linear models only. */
  readonly scaling?: Scaling;
}

/** Replaces a category by the smoothed mean of the target among its rows: one feature, or one a class above two classes. */
export interface TargetMeanFeature {
  readonly names: readonly string[];
  readonly column: string;
  readonly values: readonly string[];
  /** Row i holds the means of values[i], a number for each of `names`. */
  readonly means: readonly (readonly number[])[];
  /** Of rare values together, and so of a value never seen. */
  readonly other: readonly number[];
  /** null leaves a gap (NaN), which trees send their own way. */
  readonly missing: readonly number[] | null;
  /** Linear models only, one for each of `names`. */
  readonly scalings?: readonly Scaling[];
}

/** One feature of 0 and 1 for each value, one for all other values, and one for "missing" if training saw that. */
export interface OneHotFeature {
  readonly column: string;
  readonly values: readonly string[];
  readonly hasMissing: boolean;
}

/** Everything fitting learned, as plain JSON: rules and statistics, from which the feature graph is built. */
export interface FittedFeatures {
  readonly schemaVersion: 1;
  /** The raw columns a client sends, in the order of the table. */
  readonly columns: readonly SignatureColumn[];
  /** In the order of the matrix: all of one kind stand together. */
  readonly numbers: readonly NumberFeature[];
  readonly targetMeans: readonly TargetMeanFeature[];
  readonly oneHots: readonly OneHotFeature[];
}
