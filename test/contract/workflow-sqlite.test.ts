import { openSqliteDatabase } from '../../lib/adapters/local/sqlite-database.ts';
import { sqliteWorkflow } from '../../lib/adapters/local/state-machine/sqlite-workflow.ts';
import { countingIds } from '../support/counting-ids.ts';
import { manualClock } from '../support/fixed-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { contractMachines, workflowContract } from './workflow-contract.ts';

workflowContract('SQLite', async () => {
  const folder = temporaryFolder();
  const database = openSqliteDatabase({ filePath: `${folder.path}/millrace.sqlite` });
  const tokens = new Map<string, PromiseWithResolvers<string>>();
  const waiterFor = (executionId: string) => {
    const waiter = tokens.get(executionId) ?? Promise.withResolvers<string>();
    tokens.set(executionId, waiter);
    return waiter;
  };
  const workflow = sqliteWorkflow({
    database,
    clock: manualClock(),
    ids: countingIds(),
    machines: contractMachines,
    pollMs: 5,
    invoke: async ({ arguments: given, context }) => {
      const { Execution: execution } = context as { Execution: { Id: string } };
      waiterFor(execution.Id).resolve((given as { token: string }).token);
    },
  });
  await workflow.run();
  const remove = async () => {
    await workflow.shutdown();
    database.close();
    folder.remove();
  };
  return {
    workflow,
    tokenOf: (id) => waiterFor(id).promise,
    finished: (id) => workflow.finished(id),
    remove,
  };
});
