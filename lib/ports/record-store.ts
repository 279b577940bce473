import type { JsonObject } from '../wire/json.ts';

export interface RecordKey {
  readonly partition: string;
  readonly sort: string;
}

/** One record. `revision` starts at 1 and grows by 1 with each write: it is the optimistic lock. */
export interface StoredRecord extends RecordKey {
  readonly revision: number;
  readonly body: JsonObject;
  /** Where the record also appears in the one secondary index; absent: nowhere. */
  readonly index?: RecordKey;
}

/** What must hold of the stored record for a write to go through. */
export type Condition = 'absent' | { readonly revision: number };

export interface RecordWrite extends RecordKey {
  readonly body: JsonObject;
  readonly index?: RecordKey;
  /** @default - none: the write replaces whatever is there */
  readonly condition?: Condition;
  /**
   * Seconds since the epoch: the record may vanish after this moment, not necessarily at once, and is read as any other
   * until it has. Each write says it anew. @default - the record stays
   */
  readonly expiresAtSeconds?: number;
}

/** Holds the condition without writing anything. */
export interface RecordCheck extends RecordKey {
  readonly check: Condition;
}

export interface RecordQuery {
  readonly partition: string;
  readonly sortPrefix?: string;
  /** Ask the secondary index instead of the table (eventually consistent on DynamoDB). */
  readonly useIndex?: boolean;
  /** @default 'ascending' by UTF-8 bytes of the sort key */
  readonly direction?: 'ascending' | 'descending';
  readonly limit?: number;
  readonly cursor?: string;
}

export interface RecordPage {
  readonly records: readonly StoredRecord[];
  readonly cursor?: string;
}

/** One table of JSON records: DynamoDB in the cloud, SQLite on a laptop. Reads see every finished write. */
export interface RecordStore {
  get(key: RecordKey): Promise<StoredRecord | undefined>;
  /** Throws RECORD_CONFLICT when the condition does not hold, RECORD_INVALID for empty keys or bodies over 350 KB. */
  put(write: RecordWrite): Promise<StoredRecord>;
  query(query: RecordQuery): Promise<RecordPage>;
  /**
   * All writes or none, at most 100 items and no key twice (RECORD_INVALID). Throws RECORD_CONFLICT, whose
   * `details.conflicts` names the keys whose conditions failed.
   */
  transact(items: readonly (RecordWrite | RecordCheck)[]): Promise<void>;
}
