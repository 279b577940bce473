import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

// `node guard.ts <folder> <program> <words …>`: runs a program for as long as whoever started it lives. When the pipe to
// its standard input closes, for whatever reason, it ends its whole process group and removes the folder, unless `-`.

const [folder = '-', program = '', ...words] = process.argv.slice(2);

/** Time for a server to end by itself what it started. */
const graceMs = 500;

const endGroup = (signal: NodeJS.Signals) => process.kill(-process.pid, signal);

const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
  process.stdin.destroy();
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
  process.stdin.destroy();
});

// It has to outlive the signal it sends to its group.
process.on('SIGTERM', () => undefined);
process.stdin.resume().once('close', () => {
  endGroup('SIGTERM');
  setTimeout(() => {
    if (folder !== '-') rmSync(folder, { recursive: true, force: true });
    endGroup('SIGKILL');
  }, graceMs);
});
