import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';

/**
 * Calls with the number of each write to database or object store of this process, just before it: everything before is
 * there, nothing after. Beating the lease, some times a second, does not count: the same number means the same write in
 * every run.
 */
export const beforeEachWrite = (act: (write: number) => void): void => {
  let count = 0;
  const writing = () => {
    count += 1;
    act(count);
  };
  const isWrite = (sql: string) => !/^\s*(SELECT|PRAGMA|BEGIN|ROLLBACK)|workflow_lease/i.test(sql);
  const { prepare, exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.prepare = function (sql, ...options) {
    const statement = prepare.call(this, sql, ...options);
    if (!isWrite(sql)) return statement;
    for (const method of ['run', 'get'] as const) {
      const original = statement[method];
      Object.defineProperty(statement, method, {
        value: (...values: never[]) => {
          writing();
          return Reflect.apply(original, statement, values);
        },
      });
    }
    return statement;
  };
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
