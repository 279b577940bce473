import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type ConsoleNotifier, consoleNotifier } from '../../lib/adapters/local/console-notifier.ts';
import { type FolderCaptureSink, folderCaptureSink } from '../../lib/adapters/local/folder-capture-sink.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { openSqliteDatabase } from '../../lib/adapters/local/sqlite-database.ts';
import { sqliteMetricSink } from '../../lib/adapters/local/sqlite-metric-sink.ts';
import { sqliteRecordStore } from '../../lib/adapters/local/sqlite-record-store.ts';
import type { Ids } from '../../lib/ports/ids.ts';
import type { MetricSink } from '../../lib/ports/metric-sink.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { RecordStore } from '../../lib/ports/record-store.ts';
import { countingIds } from './counting-ids.ts';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Every storage-like port, answered by its local adapter in a folder of its own. */
export interface LocalStores {
  /** The temporary folder; objects lie under `<path>/objects`, the database is `<path>/millrace.db`. */
  readonly path: string;
  readonly database: DatabaseSync;
  readonly objects: ObjectStore;
  readonly records: RecordStore;
  readonly notifier: ConsoleNotifier;
  readonly metrics: MetricSink;
  readonly capture: FolderCaptureSink;
  readonly clock: FixedClock;
  readonly ids: Ids;
  /** What the notifier has written to the terminal. */
  readonly shown: readonly string[];
  /** Closes the database and removes the folder. */
  remove(): void;
}

/** Fresh local stores for one test; call `remove()` in `afterEach` or `onTestFinished`. */
export const localStores = (options: { readonly startMs?: number } = {}): LocalStores => {
  const folder = temporaryFolder();
  const database = openSqliteDatabase({ filePath: join(folder.path, 'millrace.db') });
  const clock = fixedClock(options.startMs);
  const ids = countingIds();
  const objects = folderObjectStore({ root: join(folder.path, 'objects') });
  const shown: string[] = [];
  const remove = () => {
    if (database.isOpen) database.close();
    folder.remove();
  };
  return {
    path: folder.path,
    database,
    objects,
    records: sqliteRecordStore({ database }),
    notifier: consoleNotifier({ database, clock, write: (text) => shown.push(text) }),
    metrics: sqliteMetricSink({ database }),
    capture: folderCaptureSink({ objects, ids }),
    clock,
    ids,
    shown,
    remove,
  };
};
