import { startLaptop } from '../../../lib/laptop/start-laptop.ts';
import { killBeforeWrite } from './kill-before-write.ts';

/**
 * `run-until.ts <home> <yes|no> [<task> <phase> | write <number>]`: brings the loop of a home up and kills itself, as a
 * power cut would, the moment the task gets to the phase, or before that write. Says `up` on stdout when it runs.
 */
const [home = '', yes, task, phase] = process.argv.slice(2);

if (task === 'write') killBeforeWrite(Number(phase));
await startLaptop({
  home,
  host: '127.0.0.1',
  port: 0,
  yes: yes === 'yes',
  screen: { write: () => true },
  onTask: (event) => {
    if (event.task === task && event.phase === phase) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('up\n');
