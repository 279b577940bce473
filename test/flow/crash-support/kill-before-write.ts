import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * Kills this process just before its `count`-th write to database or object store: everything before is there, nothing
 * after. Beating the lease, five times a second, does not count: the same number means the same write in every run.
 */
export const killBeforeWrite = (count: number): void => {
  let left = count;
  const writing = () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  const isWrite = (sql: string) => !/^\s*(SELECT|PRAGMA|BEGIN|ROLLBACK)|workflow_lease/i.test(sql);
  for (const method of ['run', 'get'] as const) {
    const original = StatementSync.prototype[method];
    Object.defineProperty(StatementSync.prototype, method, {
      value(this: StatementSync, ...values: Parameters<typeof original>) {
        if (isWrite(this.sourceSQL)) writing();
        return original.apply(this, values);
      },
    });
  }
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql) {
    if (isWrite(sql)) writing();
    return exec.call(this, sql);
  };
  for (const method of ['writeFile', 'copyFile', 'link', 'mkdir'] as const) {
    const original = fs[method];
    Object.defineProperty(fs, method, {
      value: (...values: never[]) => {
        writing();
        return Reflect.apply(original, fs, values);
      },
    });
  }
  syncBuiltinESMExports();
};
