import type { TrainingJobs } from '../lib/domain/training-job/index.ts';
import type { AlarmBook } from '../lib/ports/alarm-book.ts';
import type { Clock } from '../lib/ports/clock.ts';
import type { Ids } from '../lib/ports/ids.ts';
import type { MetricSink } from '../lib/ports/metric-sink.ts';
import type { Notifier } from '../lib/ports/notifier.ts';
import type { ObjectStore } from '../lib/ports/object-store.ts';
import type { Trainer, TrainingProgress } from '../lib/ports/trainer.ts';
import type { Workflow } from '../lib/ports/workflow.ts';
import type { Registry } from '../lib/registry/index.ts';

/** Everything a handler can ask for; each takes only what it names. */
export interface Services {
  readonly objects: ObjectStore;
  readonly registry: Registry;
  readonly workflow: Workflow;
  readonly notifier: Notifier;
  readonly metrics: MetricSink;
  readonly alarms: AlarmBook;
  readonly trainer: Trainer;
  /** Training outside this process. @default - everything trains here, as on a laptop */
  readonly trainingJobs?: TrainingJobs;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Runs work in an empty local folder that is removed afterwards, also when the work fails. */
  readonly withScratchFolder: <Result>(work: (folder: string) => Promise<Result>) => Promise<Result>;
  /** Which code ran, for the run record: the package version, with the commit where it is known. */
  readonly codeVersion: string;
  /** Bounds of the data engine. */
  readonly dataEngine: { readonly memoryLimitMb: number; readonly threads: number };
  /**
   * Where people decide. The link carries an approval id, an expiry and a signature, never the task token. `undefined`
   * where there is no page: people decide by command.
   */
  readonly approvalUrl: (approval: {
    readonly approvalId: string;
    readonly expiresAt: string;
  }) => string | undefined;
  readonly onProgress: (progress: RunProgress) => void;
  /** Aborts when nobody waits for this task any more; long work then rejects with its reason. @default - never */
  readonly signal?: AbortSignal;
  /** What is left of this task's time, for work that holds the thread. @default - as long as it takes */
  readonly remainingMs?: () => number;
  /** How long a list may miss what has just been written. @default 0, it shows it at once */
  readonly listsLagMs?: number;
}

export interface RunProgress extends TrainingProgress {
  readonly model: string;
  readonly runId: string;
}
