import { spawnSync } from 'node:child_process';

export interface Outcome {
  readonly isDone: boolean;
  /** What it printed when it worked; else the last line of its complaint. */
  readonly text: string;
}

/** Runs a program to its end. */
export const execute = (
  program: string,
  words: readonly string[],
  options: { readonly timeoutSeconds: number; readonly folder?: string },
): Outcome => {
  const { status, stdout, stderr, error } = spawnSync(program, [...words], {
    encoding: 'utf8',
    timeout: options.timeoutSeconds * 1000,
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
  });
  if (status === 0) return { isDone: true, text: stdout.trim() || stderr.trim() };
  const complaint = error?.message ?? (stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1));
  return { isDone: false, text: complaint ?? `ended with ${status}` };
};
