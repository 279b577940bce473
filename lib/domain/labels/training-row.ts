import type { JsonValue } from '../../wire/json.ts';
import type { KnownLabel } from './label-table.ts';

/** How the rows of a model are written down to be trained on. */
export interface TrainingColumns {
  /** The column that is predicted; absent where an expression over `truth` makes it. */
  readonly target?: string | undefined;
  /** The raw columns the expression reads: a label that was not told in all of them cannot be trained on. */
  readonly truth: readonly string[];
  readonly key: readonly string[];
  readonly eventTime?: string | undefined;
  /** Columns that were captured as hashes, if at all: as if they were not sent. @default - none */
  readonly hidden?: readonly string[];
}

/**
 * A labelled prediction as a row to train on: the features as they were sent, so that nothing is known in it that was not
 * known then, and the truth. The time of the prediction stands for an event time that was not sent, its id for a missing
 * key. `undefined` where the truth was not told in the columns that training reads.
 */
export const trainingRowOf = (
  row: {
    readonly predictionId: string;
    readonly at: string;
    readonly features: Readonly<Record<string, unknown>>;
  },
  { label, truth }: Pick<KnownLabel, 'label' | 'truth'>,
  { target, truth: columns, key, eventTime, hidden = [] }: TrainingColumns,
): Readonly<Record<string, unknown>> | undefined => {
  if (target === undefined && !(columns.length > 0 && columns.every((name) => Object.hasOwn(truth, name))))
    return undefined;
  const told: Readonly<Record<string, JsonValue | undefined>> =
    target === undefined
      ? Object.fromEntries(columns.map((name) => [name, truth[name]]))
      : { [target]: label };
  const sent = Object.fromEntries(Object.entries(row.features).filter(([name]) => !hidden.includes(name)));
  const missing = (name: string): boolean => !Object.hasOwn(sent, name) || (sent[name] ?? null) === null;
  return {
    ...sent,
    ...Object.fromEntries(key.filter(missing).map((name) => [name, row.predictionId])),
    ...(eventTime !== undefined && missing(eventTime) && { [eventTime]: row.at }),
    ...told,
  };
};
