import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface KilledWorker {
  /** What it had said when it was killed. */
  readonly said: readonly string[];
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts a process that executes the workflows of a home; resolves when it is up. `killed` kills it, as a power cut would,
 * so long after it said a line, and resolves when it is gone.
 */
export const startWorker = async (options: { readonly home: string; readonly now: number }) => {
  const { home, now } = options;
  const file = path.join(import.meta.dirname, 'worker.ts');
  const child = spawn(process.execPath, [file, home, String(now)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    for (const listener of listeners) listener();
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('close', (_code, signal) => resolve(signal)),
  );
  const hasSaid = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => said.includes(line) && resolve();
      listeners.add(look);
      ended.then(() => reject(new Error(`the worker ended before it said "${line}"`)));
      look();
    });
  await hasSaid('up');
  return {
    pid: child.pid,
    /** Kills it for good: SIGKILL can be neither caught nor cleaned up after. */
    killAt: async (line: string, afterMs: number): Promise<KilledWorker> => {
      await hasSaid(line);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      return { signal: await ended, said };
    },
    /** For a drill that fails: nothing it started outlives it. */
    end: (): void => {
      child.kill('SIGKILL');
    },
  };
};
