import type { DatasetProfile, QualityReport } from '../../domain/dataset/index.ts';
import type { ModelSpec, ResolvedSpec } from '../../domain/model-spec/index.ts';
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

export interface Preparation {
  readonly spec: ModelSpec;
  /** In the order that decides which of two rows with one key is the first. */
  readonly sources: readonly SourceFile[];
  /** The columns of the last dataset, to notice what is missing or new. */
  readonly previousColumns?: readonly PreviousColumn[];
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
}

export interface PreparedDataset {
  readonly outcome: 'accepted' | 'refused';
  readonly resolved: ResolvedSpec;
  readonly quality: QualityReport;
  readonly profile: DatasetProfile;
  readonly rows: PreparedRows;
}
