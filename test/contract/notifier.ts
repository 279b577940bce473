import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notification, Notifier } from '../../lib/ports/notifier.ts';

/** A notifier under test, and what the people on the other side have seen. */
export interface NotifierUnderTest {
  readonly notifier: Notifier;
  /** One text for each message that reached people. */
  seen(): readonly string[];
  remove(): void;
}

const approval: Notification = {
  id: 'approval-7',
  kind: 'approval-requested',
  model: 'flight-delay',
  subject: 'version 7 waits for approval',
  text: 'AUC 0.71, the champion has 0.69',
  links: [{ title: 'Look and decide', url: 'http://127.0.0.1:8080/approvals/7' }],
};

/** What every Notifier promises; each adapter runs it. */
export const notifierContract = (name: string, makeNotifier: () => NotifierUnderTest): void => {
  describe(`${name} keeps the promises of a notifier`, () => {
    let underTest: NotifierUnderTest;
    beforeEach(() => {
      underTest = makeNotifier();
    });
    afterEach(() => underTest.remove());

    it('brings the model, the subject, the text and the links to people', async () => {
      await underTest.notifier.notify(approval);

      expect(underTest.seen()).toHaveLength(1);
      for (const part of [
        approval.model,
        approval.subject,
        approval.text,
        'Look and decide',
        '/approvals/7',
      ]) {
        expect(underTest.seen()[0]).toContain(part);
      }
    });

    it('shows a message once, however often it is sent, and another one besides', async () => {
      await Promise.all([approval, approval, approval].map((message) => underTest.notifier.notify(message)));
      await underTest.notifier.notify({ ...approval, id: 'approval-8' });
      await underTest.notifier.notify(approval);

      expect(underTest.seen()).toHaveLength(2);
    });

    it('does not let a message steer the terminal of its reader', async () => {
      await underTest.notifier.notify({
        ...approval,
        id: 'x',
        subject: '\u001b[2Jgone',
        text: 'two\nlines\r\u009b31m',
      });

      expect(underTest.seen()[0]).toContain('two\nlines');
      expect(underTest.seen()[0]).not.toMatch(/(?!\n)\p{Cc}/u);
    });
  });
};
