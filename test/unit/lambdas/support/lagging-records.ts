import type { Clock } from '../../../../lib/ports/clock.ts';
import type { RecordStore, RecordWrite, StoredRecord } from '../../../../lib/ports/record-store.ts';

interface Change {
  readonly at: number;
  readonly record: StoredRecord;
}

/**
 * A store whose secondary index shows what was there `lagMs` ago, as DynamoDB's may: files just noted are missing from
 * its lists, files just taken are in them still. Everything else is as the store has it.
 */
export const laggingRecords = (
  records: RecordStore,
  { clock, lagMs }: { readonly clock: Pick<Clock, 'now'>; readonly lagMs: number },
): RecordStore => {
  const changes = new Map<string, Change[]>();

  const note = (record: StoredRecord) => {
    const id = JSON.stringify([record.partition, record.sort]);
    changes.set(id, [...(changes.get(id) ?? []), { at: clock.now(), record }]);
  };

  const noteWritten = async ({ partition, sort }: RecordWrite) => {
    const record = await records.get({ partition, sort });
    if (record !== undefined) note(record);
  };

  const shown = (): readonly StoredRecord[] =>
    [...changes.values()].flatMap((history) => {
      const last = history.findLast(({ at }) => at + lagMs <= clock.now());
      return last === undefined ? [] : [last.record];
    });

  return {
    get: (key) => records.get(key),
    put: async (write) => {
      const record = await records.put(write);
      note(record);
      return record;
    },
    transact: async (items) => {
      await records.transact(items);
      for (const item of items) if (!('check' in item)) await noteWritten(item);
    },
    query: async (query) => {
      if (!query.useIndex) return records.query(query);
      const found = shown()
        .filter(({ index }) => index?.partition === query.partition)
        .filter(({ index }) => index?.sort.startsWith(query.sortPrefix ?? ''))
        .toSorted((a, b) => ((a.index?.sort ?? '') < (b.index?.sort ?? '') ? -1 : 1));
      const ordered = query.direction === 'descending' ? found.toReversed() : found;
      return { records: ordered.slice(0, query.limit) };
    },
  };
};
