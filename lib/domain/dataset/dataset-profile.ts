import type { ColumnKind } from './column-table.ts';

/** The nine points a number column is described by. */
export const profileQuantiles = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

interface AnyColumnProfile {
  readonly name: string;
  /** Rows described, missing values included. */
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  /** When estimated, `distinct` counts only every n-th row (about 50,000 of them): a lower bound, never proof of uniqueness. */
  readonly isDistinctEstimated: boolean;
}

export interface NumberProfile extends AnyColumnProfile {
  readonly kind: 'number' | 'boolean';
  /** `null` where every value is missing. `standardDeviation` divides by n − 1. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  /** At `profileQuantiles`; of `quantileRows` evenly spaced rows when there are more than 100,000. */
  readonly quantiles: readonly number[];
  readonly quantileRows: number;
}

export interface DatetimeProfile extends AnyColumnProfile {
  readonly kind: 'datetime';
  /** ISO 8601, UTC. */
  readonly min: string | null;
  readonly max: string | null;
}

export interface TextProfile extends AnyColumnProfile {
  readonly kind: 'category' | 'text';
  readonly meanLength: number | null;
  readonly maxLength: number | null;
  /** The most frequent values, at most 50, frequent first; empty for text. */
  readonly top: readonly ValueCount[];
}

export type ColumnProfile = NumberProfile | DatetimeProfile | TextProfile;

/** `profile.json`: what the kept rows of a dataset look like, column by column. */
export interface DatasetProfile {
  readonly schemaVersion: 1;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Classification: rows of each class. */
  readonly classes?: readonly ValueCount[];
}

/** Kinds by name, for readers of a profile that care only for that. */
export const profiledKinds = (profile: DatasetProfile): ReadonlyMap<string, ColumnKind> =>
  new Map(profile.columns.map((column) => [column.name, column.kind]));
