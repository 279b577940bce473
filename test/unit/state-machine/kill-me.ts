import { setTimeout } from 'node:timers/promises';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteWorkflow } from '../../../lib/adapters/local/state-machine/sqlite-workflow.ts';
import { systemClock } from '../../../lib/adapters/local/system-clock.ts';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import { killMachine } from './kill-machine.ts';

/** Run as a process of its own: executes until its second task is under way, says so, and waits to be killed. */
const [filePath = ''] = process.argv.slice(2);
const workflow = sqliteWorkflow({
  database: openSqliteDatabase({ filePath }),
  clock: systemClock,
  ids: systemIds({ clock: systemClock }),
  machines: { killed: killMachine },
  invoke: async ({ resource }) => {
    if (resource === 'quick') return 'done before';
    console.log('under way');
    return setTimeout(600_000);
  },
});
await workflow.run();
await workflow.start({ machine: 'killed', name: 'x', input: {} });
