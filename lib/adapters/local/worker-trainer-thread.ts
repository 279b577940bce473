import { parentPort, workerData } from 'node:worker_threads';
import type { TrainingJob } from '../../ports/trainer.ts';
import { failureOf, type ThreadMessage } from '../training/thread-messages.ts';
import { trainInFolder } from '../training/train-in-folder.ts';

/** The thread a worker trainer starts: trains the job it was given as worker data, and tells how it goes. */
const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

try {
  await trainInFolder(workerData as TrainingJob, (progress) => tell({ kind: 'progress', progress }));
  tell({ kind: 'done' });
} catch (error) {
  tell({ kind: 'failed', failure: failureOf(error) });
}
