import { AuditEntry, byTime, keys, lists } from '../domain/registry/index.ts';
import type { RecordWrite } from '../ports/record-store.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { listAll, toBody } from './records.ts';

export type AuditNote = Omit<AuditEntry, 'id' | 'at'>;

/** The write that appends a line to the audit: part of the transaction it tells of. */
export const auditWrite = (context: RegistryContext, note: AuditNote): RecordWrite => {
  const entry: AuditEntry = { ...note, id: context.ids.next(), at: nowOf(context) };
  return {
    ...keys.audit(entry.model, entry.at, entry.id),
    body: toBody(entry),
    index: { partition: lists.auditOfAll, sort: byTime(entry.at, entry.id) },
    condition: 'absent',
  };
};

/** Decisions in the order of time. */
export const auditRegistry = (context: RegistryContext) => ({
  /** Appends a decision that is not itself a change of the registry, a refusal to retrain for instance. */
  noteAudit: async (note: AuditNote): Promise<void> => {
    await context.records.put(auditWrite(context, note));
  },

  /** Newest first; of one model, or of all. */
  listAudit: (
    filter: { readonly model?: string; readonly limit?: number } = {},
  ): Promise<readonly AuditEntry[]> =>
    listAll(
      context.records,
      {
        ...(filter.model === undefined
          ? { partition: lists.auditOfAll, useIndex: true }
          : { partition: lists.audit(filter.model) }),
        direction: 'descending',
        limit: filter.limit ?? 100,
      },
      AuditEntry,
    ),
});
