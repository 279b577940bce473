import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { workerTrainer } from '../../lib/adapters/local/worker-trainer.ts';
import { trainInFolder } from '../../lib/adapters/training/train-in-folder.ts';
import { penguinJob } from './penguin-job.ts';
import { trainerContract } from './trainer-contract.ts';

trainerContract('The trainer in a worker thread', () => workerTrainer());

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
