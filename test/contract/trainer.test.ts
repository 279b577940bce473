import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { workerTrainer } from '../../lib/adapters/local/worker-trainer.ts';
import { inProcessTrainer } from '../../lib/adapters/training/in-process-trainer.ts';
import { trainInFolder } from '../../lib/adapters/training/train-in-folder.ts';
import { penguinJob } from './penguin-job.ts';
import { trainerContract } from './trainer-contract.ts';

trainerContract('The trainer in a worker thread', () => workerTrainer());
trainerContract('The trainer in the thread that asks', () => inProcessTrainer());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-trainer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const threadThat = (code: string): URL => {
  const file = path.join(folder, 'thread.mjs');
  writeFileSync(file, code);
  return pathToFileURL(file);
};

it('a thread gives the bytes that training in the open gives', async () => {
  const inThread = await penguinJob(folder);
  const inTheOpen = await penguinJob(folder);

  await workerTrainer().train(inThread);
  await trainInFolder(inTheOpen);

  for (const file of ['model.onnx', 'signature.json', 'training.json'])
    expect(readFileSync(path.join(inThread.artifactFolder, file))).toEqual(
      readFileSync(path.join(inTheOpen.artifactFolder, file)),
    );
});

it('a thread stuck in a computation is stopped all the same', async () => {
  const threadFile = threadThat('while (true);');
  const job = { ...(await penguinJob(folder)), timeoutSeconds: 0.2 };

  await expect(workerTrainer({ threadFile }).train(job)).rejects.toMatchObject({
    name: 'TRAINING_TIMED_OUT',
  });
});

it('a thread within native code is not ended before it has come back', async () => {
  const backFile = path.join(folder, 'back');
  const threadFile = threadThat(`
    import { writeFileSync } from 'node:fs';
    import { parentPort, workerData } from 'node:worker_threads';
    import { stopGuard } from '${pathToFileURL(path.resolve('lib/adapters/training/stop-switch.ts'))}';
    await stopGuard(workerData.stop).native(async () => {
      parentPort.postMessage({ kind: 'progress', progress: { phase: 'read', fraction: 0 } });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      writeFileSync('${backFile}', '');
    }).catch(() => {});
    while (true);
  `);
  const controller = new AbortController();

  const training = workerTrainer({ threadFile, graceMs: 20 }).train(
    await penguinJob(folder),
    () => controller.abort(new RangeError('enough')),
    controller.signal,
  );

  await expect(training).rejects.toThrow('enough');
  expect(existsSync(backFile)).toBe(true);
});

it('a training that was stopped leaves no thread', async () => {
  const started: Worker[] = [];
  const note = (worker: Worker) => started.push(worker);
  process.on('worker', note);
  const controller = new AbortController();

  const training = workerTrainer().train(
    await penguinJob(folder, { rounds: 5000, hasEarlyStopping: false }),
    ({ phase }) => phase === 'train' && controller.abort(new RangeError('enough')),
    controller.signal,
  );

  await expect(training).rejects.toThrow('enough');
  process.off('worker', note);
  // A thread that has ended has no id any more.
  expect(started.map(({ threadId }) => threadId)).toEqual([-1]);
});

it('a thread that crashes fails the training and leaves its error as the cause', async () => {
  const threadFile = threadThat("throw new RangeError('too deep')");

  await expect(workerTrainer({ threadFile }).train(await penguinJob(folder))).rejects.toMatchObject({
    name: 'TRAINING_FAILED',
    message: expect.stringContaining('the training thread of run run-1 crashed: too deep'),
    cause: expect.objectContaining({ message: 'too deep' }),
  });
});

it('a thread that ends without a word fails the training', async () => {
  const threadFile = threadThat('process.exit(3)');

  await expect(workerTrainer({ threadFile }).train(await penguinJob(folder))).rejects.toMatchObject({
    name: 'TRAINING_FAILED',
    message: expect.stringContaining('ended with exit code 3'),
  });
});

it('two jobs train side by side', async () => {
  const jobs = [await penguinJob(folder), await penguinJob(folder, { kind: 'linear' })];
  const trainer = workerTrainer();

  await Promise.all(jobs.map((job) => trainer.train(job)));

  const kinds = jobs.map(
    ({ artifactFolder }) =>
      JSON.parse(readFileSync(path.join(artifactFolder, 'training.json'), 'utf8')).trainer,
  );
  expect(kinds).toEqual(['boosted-trees', 'linear']);
});
