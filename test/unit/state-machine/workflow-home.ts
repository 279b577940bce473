import type { DatabaseSync } from 'node:sqlite';
import { onTestFinished, vi } from 'vitest';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import {
  type SqliteWorkflow,
  type SqliteWorkflowOptions,
  sqliteWorkflow,
} from '../../../lib/adapters/local/state-machine/sqlite-workflow.ts';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import type { Clock } from '../../../lib/ports/clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface Process {
  readonly workflow: SqliteWorkflow;
  readonly database: DatabaseSync;
  /** Takes the database away under the engine's feet: nothing it does from now on is kept, as after SIGKILL. */
  kill(): void;
}

/** A home folder in which "processes" come and go, one engine object and database handle each. */
export const workflowHome = (clock: Clock) => {
  const folder = temporaryFolder();
  const processes = new Set<Process>();
  onTestFinished(async () => {
    for (const process of processes) {
      await process.workflow.shutdown();
      process.kill();
    }
    folder.remove();
  });

  const open = (
    options: Pick<SqliteWorkflowOptions, 'machines' | 'invoke'> & Partial<SqliteWorkflowOptions>,
  ): Process => {
    const database = openSqliteDatabase({ filePath: `${folder.path}/millrace.sqlite` });
    // The machine does not lose power in these tests, so waiting for the disk would only cost time.
    database.exec('PRAGMA synchronous = OFF');
    const workflow = sqliteWorkflow({
      database,
      clock,
      ids: systemIds({ clock }),
      pollMs: 5,
      onFault: () => {},
      // Killed engines of this test run in this very process, so the lease cannot tell by the process id.
      isAlive: () => false,
      ...options,
    });
    const process: Process = {
      workflow,
      database,
      kill: () => {
        processes.delete(process);
        if (database.isOpen) database.close();
      },
    };
    processes.add(process);
    return process;
  };
  return { open, folder: folder.path };
};

/** Looks until something is there; for what happens soon, in real time. */
export const soon = <T>(look: () => T | undefined): Promise<T> =>
  vi.waitUntil(() => look() as T, { timeout: 3000, interval: 2 });
