import type { RecordStore } from '../../../../lib/ports/record-store.ts';

export class PowerCut extends Error {}

/**
 * A store whose process dies at the n-th write (counted from 1): `before` it is stored, or `after`, when only the answer
 * is lost. Every later call fails too: the dead do not write.
 */
export const failingRecords = (
  records: RecordStore,
  atWrite: number,
  moment: 'before' | 'after',
): { readonly records: RecordStore; readonly hasFailed: () => boolean } => {
  let writes = 0;
  let isDead = false;
  const alive = () => {
    if (isDead) throw new PowerCut();
  };
  const written = async <T>(write: () => Promise<T>): Promise<T> => {
    alive();
    writes += 1;
    isDead = writes === atWrite;
    if (isDead && moment === 'before') throw new PowerCut();
    const result = await write();
    if (isDead) throw new PowerCut();
    return result;
  };
  return {
    hasFailed: () => isDead,
    records: {
      get: async (key) => {
        alive();
        return records.get(key);
      },
      query: async (query) => {
        alive();
        return records.query(query);
      },
      put: (write) => written(() => records.put(write)),
      transact: (items) => written(() => records.transact(items)),
    },
  };
};
