import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

export interface ChildServer {
  /** The last of what it printed, for the message of a failure. */
  readonly log: () => string;
  /** Ends the process and everything it started; harmless when done twice. */
  stop(): Promise<void>;
}

const keptCharacters = 200_000;

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Ends a whole process group: whom we started and whom they started. */
const signalGroup = (child: ChildProcess, signal: NodeJS.Signals) => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Starts a program that serves until it is stopped, also when the test process ends; resolves once it answers. */
export const startServer = async (options: {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly isReady: () => Promise<boolean>;
  readonly timeoutSeconds: number;
}): Promise<ChildServer> => {
  const { program, words, environment, folder, isReady, timeoutSeconds } = options;
  const child = spawn(program, [...words], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-keptCharacters);
    });
  child.once('error', (error) => {
    log += error.message;
  });
  const killGroup = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killGroup);
  const stop = async () => {
    process.off('exit', killGroup);
    if (!hasEnded(child) && child.pid !== undefined) {
      const ended = once(child, 'exit');
      signalGroup(child, 'SIGTERM');
      await Promise.race([ended, wait(3000)]);
    }
    killGroup();
  };
  const untilMs = Date.now() + timeoutSeconds * 1000;
  while (!(await isReady().catch(() => false))) {
    if (hasEnded(child) || child.pid === undefined || Date.now() > untilMs) {
      await stop();
      throw new Error(`${program} did not come up in ${timeoutSeconds} s: ${log.slice(-4000)}`);
    }
    await wait(50);
  }
  return { log: () => log, stop };
};
