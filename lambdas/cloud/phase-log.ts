import type { RunProgress, Services } from '../services.ts';

/** Logs are the dearest part of a small function: a line when a run enters a phase, none on the way through it. */
export const phaseLog = (
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Services['onProgress'] => {
  let last = '';
  return ({ model, runId, phase, message }: RunProgress) => {
    const now = `${runId} ${phase}`;
    if (now === last) return;
    last = now;
    write(`${JSON.stringify({ level: 'INFO', model, runId, phase, message })}\n`);
  };
};
