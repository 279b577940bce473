/** Run as a process of its own by sqlite-database.test.ts: opens the database, waits for the word, and counts one record up. */
import { once } from 'node:events';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteRecordStore } from '../../../lib/adapters/local/sqlite-record-store.ts';

const [filePath = '', writer = '', times = '0'] = process.argv.slice(2);
const database = openSqliteDatabase({ filePath });
const records = sqliteRecordStore({ database });
process.stdout.write('open');
await once(process.stdin, 'data');
process.stdin.pause();
for (let n = 0; n < Number(times); n += 1) {
  await records.transact([
    // Reads first: a transaction that takes the write lock only afterwards would fail beside another writer.
    { partition: 'p', sort: 'hold', check: 'absent' },
    { partition: 'p', sort: 'shared', body: { writer } },
    { partition: 'p', sort: `${writer}#${n}`, body: {}, condition: 'absent' },
  ]);
}
database.close();
