import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as z from 'zod';
import { temporaryFolder } from '../../support/index.ts';
import { python } from './parties.ts';

const scripts = path.resolve(import.meta.dirname, '../python');

/** A table of numbers too large to be written as text; NaN is a missing value. */
export interface Floats {
  readonly rows: number;
  readonly values: Float32Array;
}

export interface Question<Answer extends z.ZodType> {
  /** A file of test/interop/python, without `.py`. */
  readonly script: string;
  /** Anything JSON can hold. */
  readonly question: unknown;
  /** Matrices by name, handed over as raw little-endian float32. */
  readonly matrices?: Readonly<Record<string, Floats>>;
  /** Other files by name, handed over as they are. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly answer: Answer;
  /** @default - the Python of the libraries our numbers are compared with */
  readonly program?: string | undefined;
  /** @default 80 */
  readonly timeoutSeconds?: number;
}

/** One thread: numeric libraries that spin on a shared core would take it from everybody. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };

/** Some of them tell their makers of every use, unless told not to. */
const tellingNobody = { DO_NOT_TRACK: '1', NML_DISABLE_USAGE_LOGGING: '1' };

/** Puts a question to a Python script by way of files, and checks the shape of its answer. */
export const askPython = <Answer extends z.ZodType>(options: Question<Answer>): z.infer<Answer> => {
  const {
    script,
    question,
    matrices = {},
    files = {},
    answer,
    program = python,
    timeoutSeconds = 80,
  } = options;
  if (program === undefined) throw new Error('Python is not prepared: run `npm run test:interop`');
  const folder = temporaryFolder();
  try {
    const shapes = Object.entries(matrices).map(([name, { rows, values }]) => {
      writeFileSync(path.join(folder.path, name), values);
      return [name, { rows, columns: values.length / rows }];
    });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder.path, name), bytes);
    const asked = { ...Object(question), matrices: Object.fromEntries(shapes) };
    writeFileSync(path.join(folder.path, 'question.json'), JSON.stringify(asked));
    const { status, stderr, error } = spawnSync(program, [path.join(scripts, `${script}.py`), folder.path], {
      encoding: 'utf8',
      env: { ...process.env, ...oneThread, ...tellingNobody },
      timeout: timeoutSeconds * 1000,
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 50e6, // converters may print the whole graph they could not convert
    });
    if (status !== 0)
      throw new Error(`${script}.py ended with ${status}: ${error?.message ?? stderr.slice(-4000)}`);
    return answer.parse(JSON.parse(readFileSync(path.join(folder.path, 'answer.json'), 'utf8')));
  } finally {
    folder.remove();
  }
};
