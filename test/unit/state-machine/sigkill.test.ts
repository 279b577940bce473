import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteWorkflow } from '../../../lib/adapters/local/state-machine/sqlite-workflow.ts';
import { systemClock } from '../../../lib/adapters/local/system-clock.ts';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { killMachine } from './kill-machine.ts';

it('resumes what a process was doing when it was killed for real, and waits while that process lives', async () => {
  const folder = temporaryFolder();
  const filePath = path.join(folder.path, 'millrace.sqlite');
  const victim = spawn(process.execPath, [path.join(import.meta.dirname, 'kill-me.ts'), filePath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    victim.kill('SIGKILL');
    folder.remove();
  });
  await once(victim.stdout, 'data');
  const resources: string[] = [];
  const database = openSqliteDatabase({ filePath });
  const workflow = sqliteWorkflow({
    database,
    clock: systemClock,
    ids: systemIds({ clock: systemClock }),
    machines: { killed: killMachine },
    invoke: async ({ resource }) => {
      resources.push(resource);
      return 'done after';
    },
  });
  await expect(workflow.run()).rejects.toMatchObject({ name: 'WORKFLOW_BUSY' });

  victim.kill('SIGKILL');
  await once(victim, 'exit');
  await workflow.run();

  const execution = await workflow.finished('killed:x');
  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: ['done before', 'done after'] });
  expect(resources).toEqual(['slow']);
  await workflow.shutdown();
  database.close();
});
