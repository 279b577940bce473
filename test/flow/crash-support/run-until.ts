import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { startLaptop } from '../../../lib/laptop/start-laptop.ts';
import { beforeEachWrite } from './before-each-write.ts';

/**
 * `run-until.ts <home> <yes|no> [kill <task> <phase> | copy <folder> <write> …]`: brings the loop of a home up and says
 * `up` on stdout when it runs. `kill`: kills itself, as a power cut would, the moment the task gets to the phase.
 * `copy`: leaves what such a kill would have left, a copy of the home as `<task>-<phase>` for every task, and as
 * `write-<number>` before each of these writes.
 */
const [home = '', yes, mode, ...rest] = process.argv.slice(2);
const [folder = '', ...writes] = rest;
const [task, phase] = rest;

/**
 * Objects are never written in place, and a file of the drop zone is known by its inode: they are linked, not copied. Of
 * a task that comes twice, as the collections of a file and of its mark do, the first time counts.
 */
const copyAs = (name: string): void => {
  if (existsSync(path.join(folder, name))) return;
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    const from = path.join(entry.parentPath, entry.name);
    const to = path.join(folder, name, path.relative(home, from));
    if (entry.isDirectory()) mkdirSync(to, { recursive: true });
    else {
      mkdirSync(path.dirname(to), { recursive: true });
      (to.includes('/objects/') ? linkSync : copyFileSync)(from, to);
    }
  }
};

if (mode === 'copy') beforeEachWrite((write) => writes.includes(String(write)) && copyAs(`write-${write}`));
await startLaptop({
  home,
  host: '127.0.0.1',
  port: 0,
  yes: yes === 'yes',
  lookEveryMs: 20,
  screen: { write: () => true },
  onTask: (event) => {
    if (mode === 'copy') copyAs(`${event.task}-${event.phase}`);
    else if (event.task === task && event.phase === phase) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('up\n');
