import { spawn } from 'node:child_process';
import path from 'node:path';
import { benchFolder, median, report } from './figure.ts';

const main = path.resolve(import.meta.dirname, '../bin/millrace.ts');
const port = 18_080;

/** Seconds from starting the command to the first answer of /v2/health/ready. */
const startOnce = async (home: string): Promise<number> => {
  const startedAt = performance.now();
  const server = spawn(process.execPath, [main, 'start', '--home', home, '--port', String(port)], {
    stdio: 'ignore',
  });
  try {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/v2/health/live`).catch(() => undefined);
      if (response?.ok) return (performance.now() - startedAt) / 1000;
      if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    server.kill('SIGINT');
    await new Promise((resolve) => server.once('exit', resolve));
  }
};

const folder = benchFolder();
const times: number[] = [];
for (let time = 0; time < 5; time += 1) times.push(await startOnce(path.join(folder, `home-${time % 2}`)));
report([
  {
    what: 'server up, from the command to its first answer (median of 5)',
    measured: median(times),
    beside: 'limit',
    besideValue: 1.5,
    unit: 's',
  },
]);
