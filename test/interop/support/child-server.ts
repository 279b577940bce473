import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface ChildServer {
  /** The last of what it printed, for the message of a failure. */
  readonly log: () => string;
  /** Ends the program and everything it started, and removes its folder; harmless when done twice. */
  stop(): Promise<void>;
}

const guard = path.join(import.meta.dirname, 'guard.ts');
const keptCharacters = 200_000;

/**
 * Starts a program that serves, and resolves once it answers. A guard in between ends it with all it started when it is
 * stopped, and also when the test process goes away without a word.
 */
export const startServer = async (options: {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Where it runs. */
  readonly folder: string;
  /** @default false - the folder stays */
  readonly removesFolder?: boolean;
  readonly isReady: () => Promise<boolean>;
  readonly timeoutSeconds: number;
}): Promise<ChildServer> => {
  const { program, words, environment, folder, removesFolder = false, isReady, timeoutSeconds } = options;
  const child = spawn(process.execPath, [guard, removesFolder ? folder : '-', program, ...words], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-keptCharacters);
    });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
  };
  const untilMs = Date.now() + timeoutSeconds * 1000;
  while (!(await isReady().catch(() => false))) {
    if (hasEnded() || Date.now() > untilMs) {
      await stop();
      throw new Error(`${program} did not come up in ${timeoutSeconds} s: ${log.slice(-4000)}`);
    }
    await wait(50);
  }
  return { log: () => log, stop };
};
