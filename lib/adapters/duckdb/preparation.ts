import type { DatasetProfile, QualityReport } from '../../domain/dataset/index.ts';
import type { BaselineColumn, Profile } from '../../domain/drift/index.ts';
import type { ModelSpec, ResolvedSpec } from '../../domain/model-spec/index.ts';
import type { SourceRows } from './check-rows.ts';
import type { SourceFile } from './source-bytes.ts';

/** What a column was called and held in the dataset before; enough of a `ResolvedColumn`. */
export interface PreviousColumn {
  readonly name: string;
  /** One that was "ignored" is not missed when it is gone. */
  readonly role?: string;
}

export interface PreparationProgress {
  readonly phase: 'read' | 'infer' | 'check' | 'write' | 'profile';
  /** 0 to 1 over the whole preparation, a rough guide. */
  readonly fraction: number;
  readonly message: string;
}

/** The files of one batch that the champion never saw. */
export interface NewBatch {
  readonly batchId: string;
  /** By the sha256 of their content. */
  readonly sources: readonly string[];
  /** Nobody has said yet whether its rows may be trained on. */
  readonly isToJudge: boolean;
}

/** The good rows of a new batch, counted in the bins of the champion. */
export interface CountedBatch extends SourceRows {
  readonly batchId: string;
  /** Absent without rows, or without bins to count them in. */
  readonly profile?: Profile;
}

/** What is prepared beside a champion, which the rows are to be held against. */
export interface BesideChampion {
  /** In the order of their batches. */
  readonly newBatches: readonly NewBatch[];
  /** Its features as its baseline has them; none where it has no baseline. */
  readonly columns: readonly BaselineColumn[];
  /** Is shown the batches to judge and names those that may not be trained on: then nothing is prepared. */
  readonly hold: (batches: readonly CountedBatch[]) => readonly string[];
}

export interface Preparation {
  readonly spec: ModelSpec;
  /** In the order that decides which of two rows with one key is the first. */
  readonly sources: readonly SourceFile[];
  /** The columns of the last dataset, to notice what is missing or new. */
  readonly previousColumns?: readonly PreviousColumn[];
  /** @default - no champion: no row is held back from training for it, and no batch is judged */
  readonly beside?: BesideChampion;
  /** Rows of the golden set, as Parquet: they are never learned from. @default - there is none */
  readonly goldenPath?: string;
  /** Exists, and is empty. */
  readonly outputFolder: string;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly onProgress?: (progress: PreparationProgress) => void;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly statementTimeoutSeconds?: number;
  /** Interrupts the preparation, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface PreparedRows {
  readonly in: number;
  readonly kept: number;
  readonly quarantined: number;
  /** 0 when the batch was refused: its parts are not written. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** The newest of the new rows; only beside a champion. */
  readonly recent?: number;
  /** Rows of the golden set that are in no part; only where there is such a set. */
  readonly golden?: number;
}

export interface PreparedDataset {
  readonly outcome: 'accepted' | 'refused';
  readonly resolved: ResolvedSpec;
  readonly quality: QualityReport;
  readonly profile: DatasetProfile;
  readonly rows: PreparedRows;
  /** Of each source, in their order. */
  readonly sourceRows: readonly SourceRows[];
  /** The batches that may not be trained on: the dataset is refused for them, whatever its quality. */
  readonly held: readonly string[];
}
