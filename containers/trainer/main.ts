import { trainInContainer } from '../../lib/adapters/training/train-in-container.ts';

/** Everything of SageMaker's contract lies here; another folder is for tests. */
const root = process.env.MILLRACE_ML_ROOT ?? '/opt/ml';
const stop = new AbortController();

// SageMaker asks once and kills 120 s later; the training thread ends within a second.
process.once('SIGTERM', () => stop.abort(new Error('SageMaker asked the job to stop')));

process.exitCode = await trainInContainer({ root, signal: stop.signal, log: (line) => console.log(line) });
