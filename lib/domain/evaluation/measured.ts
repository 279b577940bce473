/** Numbers by name; null where the rows at hand do not define one, with the reason under the same name in `unknown`. */
export interface Measured {
  readonly rows: number;
  readonly metrics: Record<string, number | null>;
  readonly unknown: Record<string, string>;
  readonly perClass: readonly ClassMetrics[];
  readonly confusion: Confusion | null;
}

/** One class against the rest. */
export interface ClassMetrics {
  readonly class: string;
  /** Test rows of this class. */
  readonly rows: number;
  readonly answered: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly auc: number | null;
}

/** `counts[truth][answer]`: rows of each true class by the class the model answered. */
export interface Confusion {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** A number that exists, or the reason why it does not. */
export type Known = { readonly value: number } | { readonly because: string };

/** Files each number under its name, and each reason beside it: NaN and Infinity never reach a document. */
export const fileMetrics = (
  known: Readonly<Record<string, Known>>,
): Pick<Measured, 'metrics' | 'unknown'> => {
  const metrics: Record<string, number | null> = {};
  const unknown: Record<string, string> = {};
  for (const [name, entry] of Object.entries(known)) {
    const isDefined = 'value' in entry && Number.isFinite(entry.value);
    metrics[name] = isDefined ? entry.value : null;
    if (!isDefined) unknown[name] = 'because' in entry ? entry.because : 'not a finite number';
  }
  return { metrics, unknown };
};

/** numerator / denominator, or the reason when the denominator is zero. */
export const ratio = (numerator: number, denominator: number, because: string): Known =>
  denominator === 0 ? { because } : { value: numerator / denominator };

/** The number, or null. */
export const orNull = (known: Known): number | null => ('value' in known ? known.value : null);
