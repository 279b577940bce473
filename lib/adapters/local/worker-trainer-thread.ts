import { parentPort, workerData } from 'node:worker_threads';
import type { TrainingJob } from '../../ports/trainer.ts';
import { type StopSwitch, stopGuard } from '../training/stop-switch.ts';
import { failureOf, type ThreadMessage } from '../training/thread-messages.ts';

/** What the thread is started with, as worker data. */
export interface ThreadData {
  readonly job: TrainingJob;
  readonly stop: StopSwitch;
}

/** The thread a worker trainer starts: trains the job it was given, tells how it goes, and ends by itself. */
const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

try {
  const { job, stop } = workerData as ThreadData;
  const guard = stopGuard(stop);
  // Loading DuckDB and ONNX Runtime is native work too.
  const { trainInFolder } = await guard.native(() => import('../training/train-in-folder.ts'));
  await trainInFolder(job, (progress) => tell({ kind: 'progress', progress }), guard);
  tell({ kind: 'done' });
} catch (error) {
  tell({ kind: 'failed', failure: failureOf(error) });
}
