import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inTurn } from './in-turn.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** Each child loads the same modules. */
const compileCache = path.join(tmpdir(), 'millrace-test-compile-cache');
const alive = new Set<ChildProcess>();

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  /** Whether it still runs. */
  readonly isAlive: () => boolean;
  /** Sends a signal; harmless when it is gone. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves when stdout has said this; rejects when the child ends before. */
  readonly said: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Starts a program of this checkout under the same Node; `endEveryChild` sees to it that it does not outlive the tests. */
export const startChild = (file: string, args: readonly string[]): Child => {
  const child = spawn(process.execPath, [path.join(root, file), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compileCache },
  });
  alive.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      alive.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => stdout.includes(text) && resolve();
      child.stdout.on('data', look);
      ended.then((end) => reject(new Error(`ended before it said "${text}": ${JSON.stringify(end)}`)));
      look();
    });
  return { isAlive: () => alive.has(child), kill: (signal) => child.kill(signal), said, ended };
};

/** For `afterAll`: kills what a failed test has left behind. */
export const endEveryChild = async (): Promise<void> => {
  const left = [...alive];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map((child) => new Promise((resolve) => child.once('close', resolve))));
};

const runUntil = 'test/flow/crash-support/run-until.ts';

/** Brings the loop of a home up in a process of its own. */
export const startLoop = (home: string, options: { readonly yes: boolean }): Child =>
  startChild(runUntil, [home, options.yes ? 'yes' : 'no']);

/** Machines that run tests may have two cores. */
const twoAtOnce = inTurn(2);

/** Runs the loop of a home in a process that is killed when a task gets to a phase; `false`: it never got there. */
export const crashAt = (home: string, task: string, phase: string): Promise<boolean> =>
  twoAtOnce(async () => {
    const child = startChild(runUntil, [home, 'yes', 'kill', task, phase]);
    const limit = setTimeout(() => child.kill('SIGTERM'), 20_000);
    const { signal } = await child.ended;
    clearTimeout(limit);
    return signal === 'SIGKILL';
  });

/**
 * Brings the loop of a home up in a process that leaves a copy of the home under `folder` at every moment: what a kill at
 * that moment would have left. `<task>-<phase>` for every task, `write-<number>` before each of these writes.
 */
export const startCopying = (home: string, folder: string, writes: readonly number[]): Child =>
  startChild(runUntil, [home, 'yes', 'copy', folder, ...writes.map(String)]);

/** Runs the loop of a home in a process that is killed so long after it is up. */
export const crashAfter = (home: string, milliseconds: number): Promise<void> =>
  twoAtOnce(async () => {
    const child = startLoop(home, { yes: true });
    await child.said('up');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    child.kill('SIGKILL');
    await child.ended;
  });
