import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLaptop } from '../../lib/laptop/open-laptop.ts';
import { temporaryFolder } from '../support/index.ts';
import {
  crashAfter,
  crashAt,
  type DroppedHome,
  dropInto,
  endEveryChild,
  goOn,
  startLoop,
  type WholeRun,
  wholeRunOf,
} from './crash-support/index.ts';
import { eventually } from './support/eventually.ts';

const folder = temporaryFolder();
let undisturbed: WholeRun | undefined;

const newHome = (name: string, options?: DroppedHome): string => {
  const home = path.join(folder.path, name);
  dropInto(home, options);
  return home;
};

/** Works on a home as another process does, the command line for instance: it runs nothing. */
const withHome = async <T>(home: string, work: (laptop: ReturnType<typeof openLaptop>) => Promise<T>) => {
  const laptop = openLaptop({ home });
  try {
    return await work(laptop);
  } finally {
    await laptop.close();
  }
};

/** Runs a home until its question is asked, kills it, and gives the question. */
const crashWhileAsking = async (home: string): Promise<string> => {
  const child = startLoop(home, { yes: false });
  await child.said('up');
  const approvalId = await withHome(home, async ({ registry, notifier }) => {
    const isAsked = () =>
      notifier.inbox(10).some(({ notification }) => notification.kind === 'approval-requested');
    await eventually('the question to be put', async () => isAsked() || undefined);
    return (await registry.listPendingApprovals())[0]?.approvalId ?? 'none is open';
  });
  child.kill('SIGKILL');
  await child.ended;
  return approvalId;
};

const yes = (by: string) => ({ decision: 'approved' as const, by, reason: 'good enough' });

beforeAll(async () => {
  const home = newHome('undisturbed');
  await goOn(home);
  undisturbed = await wholeRunOf(home);
});

afterAll(async () => {
  await endEveryChild();
  folder.remove();
});

describe('a process killed at no particular moment', () => {
  test.concurrent.for([60, 170, 290, 430, 610])(
    '%i ms after it is up loses and doubles nothing',
    async (milliseconds) => {
      const home = newHome(`after-${milliseconds}`);

      await crashAfter(home, milliseconds);
      await goOn(home);

      expect(await wholeRunOf(home)).toEqual(undisturbed);
    },
  );

  test.concurrent('after an approval by policy promotes it at the next start', async () => {
    const home = newHome('by-policy', { approval: 'automatic' });

    expect(await crashAt(home, 'request-approval', 'finished')).toBe(true);
    await goOn(home);

    expect(await wholeRunOf(home)).toMatchObject({
      runs: [{ status: 'succeeded', modelVersion: 1 }],
      reigns: [{ number: 1, via: 'promotion' }],
      decisions: ['approved-automatically', 'promoted', 'spec-applied', 'version-registered'],
    });
  });

  test.concurrent('after saying that nothing new arrived says it once', async () => {
    const home = newHome('known');
    await goOn(home);
    dropInto(home);

    expect(await crashAt(home, 'close-batch', 'finished')).toBe(true);
    await goOn(home);

    const { decisions, messages, runs } = await wholeRunOf(home);
    expect(runs).toHaveLength(1);
    expect(decisions.filter((action) => action === 'batch-known')).toHaveLength(1);
    expect(messages.filter((kind) => kind === 'note')).toHaveLength(1);
  });
});

describe('a question whose process was killed', () => {
  test.concurrent('is decided while nobody runs, and the next start goes on with the decision', async () => {
    const home = newHome('asked');
    const approvalId = await crashWhileAsking(home);

    await withHome(home, (laptop) => laptop.decideApproval({ approvalId, ...yes('Ada') }));
    await goOn(home);

    expect(await wholeRunOf(home)).toEqual(undisturbed);
  });

  test.concurrent('hears of a decision that was recorded before a crash kept it from being told', async () => {
    const home = newHome('untold');
    const approvalId = await crashWhileAsking(home);
    // The first half of deciding, without the second.
    await withHome(home, ({ registry }) => registry.decideApproval({ approvalId, ...yes('Ada') }));

    await goOn(home);

    expect(await wholeRunOf(home)).toEqual(undisturbed);
  });

  test.concurrent('takes one of two decisions made at once, and tells the other who was first', async () => {
    const home = newHome('two-people');
    const approvalId = await crashWhileAsking(home);

    const answers = await withHome(home, (one) =>
      withHome(home, (other) =>
        Promise.allSettled([
          one.decideApproval({ approvalId, ...yes('Ada') }),
          other.decideApproval({ approvalId, decision: 'rejected', by: 'Bob', reason: 'not today' }),
        ]),
      ),
    );
    await goOn(home);

    const [won] = answers.filter(({ status }) => status === 'fulfilled');
    const [lost] = answers.filter(({ status }) => status === 'rejected');
    expect(won).toBeDefined();
    expect(lost).toMatchObject({ reason: { name: 'APPROVAL_DECIDED' } });
    const isApproved = won?.status === 'fulfilled' && won.value.status === 'approved';
    const { decisions, champion, openQuestions } = await wholeRunOf(home);
    expect(champion).toBe(isApproved ? 1 : undefined);
    expect(decisions.filter((action) => /^approval-(approved|rejected)$/.test(action))).toHaveLength(1);
    expect(openQuestions).toBe(0);
  });
});

describe('a run whose execution ended without recording it', () => {
  test.concurrent('is recorded as failed, with its question closed, at the next start', async () => {
    const home = newHome('stopped-by-hand');
    const approvalId = await crashWhileAsking(home);
    await withHome(home, ({ workflow }) =>
      workflow.stop(`train-and-promote:${approvalId}`, 'stopped by hand'),
    );

    await goOn(home);

    const { runs, reigns, openQuestions, messages } = await wholeRunOf(home);
    expect(runs).toMatchObject([{ status: 'failed', outcome: expect.stringContaining('stopped by hand') }]);
    expect(reigns).toEqual([]);
    expect(openQuestions).toBe(0);
    expect(messages).toEqual(['approval-requested', 'run-failed']);
  });
});
