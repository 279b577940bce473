import type { RecordStore } from '../../../lib/ports/record-store.ts';

/** A store over which a process dies, once, before or after one of its next writes. */
export const mortalRecords = (records: RecordStore) => {
  let fate: { left: number; readonly isWritten: boolean } | undefined;

  const mortal = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (fate === undefined) return write();
    fate.left -= 1;
    if (fate.left > 0) return write();
    const { isWritten } = fate;
    fate = undefined;
    if (isWritten) await write();
    throw new Error(`died ${isWritten ? 'after' : 'before'} a write`);
  };

  const mortalStore: RecordStore = {
    get: (key) => records.get(key),
    query: (query) => records.query(query),
    put: (write) => mortal(() => records.put(write)),
    transact: (items) => mortal(() => records.transact(items)),
  };
  return {
    records: mortalStore,
    /** `undefined`: nothing dies any more. */
    dieAtWrite: (write: number | undefined, isWritten = false): void => {
      fate = write === undefined ? undefined : { left: write, isWritten };
    },
  };
};
