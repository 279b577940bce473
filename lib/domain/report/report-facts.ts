import type { ResolvedColumn } from '../model-spec/index.ts';

/** The course of training: one point a round. */
export interface TrainingCurve {
  /** What the values are, e.g. "log loss". */
  readonly metric: string;
  readonly points: readonly {
    readonly round: number;
    readonly train: number | null;
    readonly validation: number | null;
  }[];
  /** The round whose model was kept. */
  readonly bestRound?: number;
}

/** What a report tells beside the evaluation: whose it is, what it was made from, and by what. */
export interface ReportFacts {
  readonly model: string;
  readonly version?: number;
  readonly description?: string;
  /** What is predicted. */
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly columns?: readonly ResolvedColumn[];
  readonly quarantine?: readonly { readonly reason: string; readonly rows: number }[];
  readonly training?: TrainingCurve;
  /** Name → id: dataset, run, model sha256, code version, seed, … */
  readonly lineage?: Readonly<Record<string, string>>;
}
