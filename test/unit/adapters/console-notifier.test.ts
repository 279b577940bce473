import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleNotifier } from '../../../lib/adapters/local/console-notifier.ts';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import type { Notification } from '../../../lib/ports/notifier.ts';
import { type LocalStores, localStores } from '../../support/index.ts';

const note = (id: string): Notification => ({
  id,
  kind: 'note',
  model: 'm',
  subject: `note ${id}`,
  text: '',
});

describe('the console inbox', () => {
  let stores: LocalStores;
  beforeEach(() => {
    stores = localStores();
  });
  afterEach(() => stores.remove());

  it('lists the latest messages first, with the time each came', async () => {
    for (const id of ['1', '2', '3']) {
      await stores.notifier.notify(note(id));
      await stores.clock.sleep(60_000);
    }

    expect(stores.notifier.inbox(2)).toEqual([
      { notification: note('3'), receivedAt: '2026-01-05T09:02:00.000Z' },
      { notification: note('2'), receivedAt: '2026-01-05T09:01:00.000Z' },
    ]);
  });

  it('is shared by processes, of which one shows a message that both send', async () => {
    const database = openSqliteDatabase({ filePath: join(stores.path, 'millrace.db') });
    const shownThere: string[] = [];
    const other = consoleNotifier({ database, write: (text) => shownThere.push(text) });

    await stores.notifier.notify(note('1'));
    await other.notify(note('1'));

    expect([stores.shown.length, shownThere.length]).toEqual([1, 0]);
    expect(other.inbox()).toEqual(stores.notifier.inbox());
    database.close();
  });
});
