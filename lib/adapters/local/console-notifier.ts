import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../ports/clock.ts';
import type { Notification, Notifier } from '../../ports/notifier.ts';
import { sqliteAction } from './sqlite-database.ts';
import { systemClock } from './system-clock.ts';

/** A notification as the inbox keeps it. */
export interface InboxMessage {
  readonly notification: Notification;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

export interface ConsoleNotifier extends Notifier {
  /** The latest messages, newest first. */
  inbox(limit?: number): readonly InboxMessage[];
}

/** Control characters, but for the line feed: a column name from somebody's file must not steer the terminal. */
const printable = (text: string): string => text.replace(/(?!\n)\p{Cc}/gu, '\ufffd');

const asText = ({ model, subject, text, links = [] }: Notification): string =>
  [`[${model}] ${subject}`, text, ...links.map((link) => `${link.title}: ${link.url}`)]
    .filter((line) => line !== '')
    .map((line) => `${printable(line)}\n`)
    .join('');

/**
 * Shows each notification once, by `write`, and keeps it in an inbox that the console lists. Also once when several
 * processes send it: the one whose row is stored shows it.
 */
export const consoleNotifier = (options: {
  readonly database: DatabaseSync;
  /** Takes one message, ending in a line feed. */
  readonly write: (text: string) => void;
  /** @default - the machine's clock */
  readonly clock?: Clock;
}): ConsoleNotifier => {
  const { database, write, clock = systemClock } = options;
  const insert = database.prepare(
    'INSERT INTO notification (id, at_ms, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING sequence',
  );
  const select = database.prepare('SELECT at_ms, body FROM notification ORDER BY sequence DESC LIMIT ?');

  const notify: Notifier['notify'] = async (notification) => {
    const body = JSON.stringify(notification);
    const isNew = sqliteAction(database, () => insert.get(notification.id, clock.now(), body)) !== undefined;
    if (isNew) write(asText(notification));
  };

  const inbox = (limit = 50) =>
    sqliteAction(database, () => select.all(limit)).map((row) => ({
      // Stored above, from a Notification.
      notification: JSON.parse(String(row.body)) as Notification,
      receivedAt: new Date(Number(row.at_ms)).toISOString(),
    }));

  return { notify, inbox };
};
