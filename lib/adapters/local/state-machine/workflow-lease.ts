import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { MillraceError } from '../../../wire/errors.ts';
import { sqliteAction, sqliteTransaction } from '../sqlite-database.ts';
import { systemClock } from '../system-clock.ts';

/** A holder that has not been heard of for so long is gone. */
const staleAfterMs = 10_000;
/** It reports so often while it lives, however often it looks: each report waits for the disk. */
const reportEveryMs = 1000;

const Row = z.object({ owner: z.string(), host: z.string(), pid: z.number(), heartbeat_at_ms: z.number() });
type Holder = z.infer<typeof Row>;

const isProcessAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Whether the holder may still be executing. Process ids mean something on their own host only. */
const isHeld = (holder: Holder, nowMs: number, isAlive: (pid: number) => boolean): boolean => {
  if (nowMs - holder.heartbeat_at_ms >= staleAfterMs) return false;
  return holder.host !== hostname() || isAlive(holder.pid);
};

/** The right to execute, held by one process at a time. It lives in real time: it is about processes, not executions. */
export const workflowLease = (options: {
  readonly database: DatabaseSync;
  readonly owner: string;
  readonly isAlive?: (pid: number) => boolean;
}) => {
  const { database, owner, isAlive = isProcessAlive } = options;
  const select = database.prepare(
    'SELECT owner, host, pid, heartbeat_at_ms FROM workflow_lease WHERE id = 1',
  );
  const take = database.prepare(
    'INSERT OR REPLACE INTO workflow_lease (id, owner, host, pid, heartbeat_at_ms) VALUES (1, ?, ?, ?, ?)',
  );
  const beat = database.prepare('UPDATE workflow_lease SET heartbeat_at_ms = ? WHERE owner = ?');
  const drop = database.prepare('DELETE FROM workflow_lease WHERE owner = ?');
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  return {
    /** Throws WORKFLOW_BUSY while another process holds it. */
    acquire: (): void =>
      sqliteTransaction(database, () => {
        const nowMs = systemClock.now();
        const row = select.get();
        const holder = row === undefined ? undefined : Row.parse(row);
        if (holder !== undefined && holder.owner !== owner && isHeld(holder, nowMs, isAlive)) {
          const { host, pid } = holder;
          throw new MillraceError(
            'WORKFLOW_BUSY',
            `process ${pid} on ${host} runs the workflows of this home`,
            { host, pid },
          );
        }
        take.run(owner, hostname(), process.pid, nowMs);
      }),
    /** False when another process has taken over. */
    renew: (): boolean => {
      const nowMs = systemClock.now();
      // Clocks are set back, too.
      if (Math.abs(nowMs - reportedAtMs) < reportEveryMs) return select.get()?.owner === owner;
      reportedAtMs = nowMs;
      return sqliteAction(database, () => beat.run(nowMs, owner)).changes > 0;
    },
    release: (): void => {
      sqliteAction(database, () => drop.run(owner));
    },
  };
};
