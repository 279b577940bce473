import { describe, expect, test } from 'vitest';
import { approveByItself } from '../../lib/laptop/approve-by-itself.ts';
import { manualClock } from '../support/index.ts';
import { csv, eventually, lampSpec, lamps, laptopForTests, type TestLaptop } from './support/index.ts';

const drop = async (home: TestLaptop, changes: object = {}) => {
  await home.drop('lamps/model.json', lampSpec(changes));
  await home.drop('lamps/monday.csv', csv(lamps(200)));
  await home.drop('lamps/_SUCCESS', '');
};

/** One look of `start --yes`. */
const lookOnce = async ({ laptop }: TestLaptop) => {
  const stop = new AbortController();
  const clock = { ...laptop.clock, sleep: async () => stop.abort() };
  const onFault = (fault: unknown) => {
    throw fault;
  };
  await approveByItself({ ...laptop, clock }, { signal: stop.signal, everyMs: 1, onFault });
};

describe('who decides whether a version goes live', () => {
  test('nobody is asked when model.json says so, and the audit tells why', async () => {
    const home = await laptopForTests();

    await drop(home, { approval: { policy: 'automatic' } });

    expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded' });
    const [entry] = (await home.laptop.registry.listAudit({ model: 'lamps' })).filter(({ action }) =>
      action.startsWith('approv'),
    );
    expect(entry?.why).toContain('approval.policy');
    expect(home.messages('lamps').map(({ kind }) => kind)).toEqual(['rolled-out']);
  });

  test('start --yes approves what passed every gate, and leaves to people what could not be judged', async () => {
    const home = await laptopForTests();
    await drop(home);
    await home.question('lamps');

    await lookOnce(home);
    const first = await home.endOfRun('lamps');
    await home.drop('lamps/tuesday.csv', csv(lamps(260)));
    await home.drop('lamps/_SUCCESS', '');
    const second = await home.question('lamps', 2);
    await lookOnce(home);

    expect(first).toMatchObject({ status: 'succeeded', modelVersion: 1 });
    expect(second.summary).toContain('could not be judged by every gate');
    expect(await home.laptop.registry.getApproval(second.approvalId)).toMatchObject({ status: 'pending' });
  });

  test('a person who rejects ends the run, and the version never serves', async () => {
    const home = await laptopForTests();
    await drop(home);

    const run = await home.reject('lamps');

    expect(run).toMatchObject({
      status: 'rejected',
      outcome: 'rejected by Ada: rejected in a test',
      modelVersion: 1,
    });
    expect((await home.laptop.registry.getRoute('lamps')).champion).toBeUndefined();
    expect(await home.laptop.registry.listPendingApprovals()).toEqual([]);
  });

  test('a model.json that asks for nobody does not approve a run that began when a person was to be asked', async () => {
    const home = await laptopForTests({
      isWatching: false,
      onTask: (task) => {
        if (task === 'register-version') changed ??= change();
      },
    });
    let changed: Promise<unknown> | undefined;
    const change = async () =>
      home.tell(await home.drop('lamps/model.json', lampSpec({ approval: { policy: 'automatic' } })));
    await drop(home);
    for (const name of ['model.json', 'monday.csv', '_SUCCESS']) await home.tell(`incoming/lamps/${name}`);

    const question = await home.question('lamps');

    await changed;
    expect(await home.laptop.registry.findSpec('lamps')).toMatchObject({ revision: 2 });
    expect(question.status).toBe('pending');
  });

  test('of two people who decide at once the first stands and the other is told who it was', async () => {
    const home = await laptopForTests();
    const elsewhere = home.open();
    await drop(home);
    const { approvalId } = await home.question('lamps');

    const decisions = await Promise.allSettled([
      home.laptop.decideApproval({ approvalId, decision: 'approved', by: 'Ada', reason: 'good' }),
      elsewhere.decideApproval({ approvalId, decision: 'rejected', by: 'Ben', reason: 'bad' }),
    ]);

    const won = decisions.filter(({ status }) => status === 'fulfilled');
    const lost = decisions.find((decision) => decision.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost?.reason).toMatchObject({
      name: 'APPROVAL_DECIDED',
      message: expect.stringMatching(/by (Ada|Ben), expected a pending one/),
    });
    const approval = await home.laptop.registry.getApproval(approvalId);
    const run = await home.endOfRun('lamps');
    expect(run.status).toBe(approval.status === 'approved' ? 'succeeded' : 'rejected');
    await elsewhere.close();
  });

  test('a decision made by another process, as the command line does, reaches the waiting run', async () => {
    const home = await laptopForTests();
    await drop(home);
    const { approvalId } = await home.question('lamps');
    const elsewhere = home.open();

    await elsewhere.decideApproval({ approvalId, decision: 'approved', by: 'Ben', reason: 'looks good' });
    await elsewhere.close();

    expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded' });
    expect((await home.laptop.registry.getApproval(approvalId)).tokenAnsweredAt).toBeDefined();
  });

  test('a decision recorded by a process that died before it told the run is told at the next start', async () => {
    const home = await laptopForTests();
    await drop(home);
    const { approvalId } = await home.question('lamps');
    await home.laptop.registry.decideApproval({
      approvalId,
      decision: 'approved',
      by: 'Ben',
      reason: 'good',
    });

    expect(await home.laptop.answerForgotten()).toBe(1);

    expect(await home.endOfRun('lamps')).toMatchObject({ status: 'succeeded' });
    expect(await home.laptop.answerForgotten()).toBe(0);
  });

  test('a version approved after a newer one went live does not take its place', async () => {
    const home = await laptopForTests();
    const { registry } = home.laptop;
    await drop(home);
    const { approvalId, runId } = await home.question('lamps');
    await home.drop('lamps/tuesday.csv', csv(lamps(200, 200)));
    await home.drop('lamps/tuesday._SUCCESS', '');
    await home.approve('lamps', 2);

    await home.laptop.decideApproval({ approvalId, decision: 'approved', by: 'Ben', reason: 'I was away' });

    const run = await eventually('the older run to end', async () => {
      const older = await registry.getRun(runId);
      return older.status === 'running' ? undefined : older;
    });
    expect(run).toMatchObject({ status: 'rejected', outcome: expect.stringContaining('version 2') });
    expect((await registry.getRoute('lamps')).champion).toBe(2);
    await registry.rollBack({ model: 'lamps', to: 1, by: 'Ben', reason: 'I do mean the older one' });
    expect((await registry.getRoute('lamps')).champion).toBe(1);
  });

  test('silence until the time-out is a rejection, and the question is closed', async () => {
    const clock = manualClock();
    const home = await laptopForTests({ clock });
    await drop(home, { approval: { timeoutHours: 2 } });
    const { approvalId } = await home.question('lamps');

    await clock.advance(2 * 3600_000 - 1000);
    expect((await home.runsOf('lamps'))[0]?.status).toBe('running');
    await clock.advance(1000);

    const run = await home.endOfRun('lamps');
    expect(run).toMatchObject({ status: 'rejected', outcome: expect.stringContaining('nobody answered') });
    expect(await home.laptop.registry.getApproval(approvalId)).toMatchObject({ status: 'expired' });
    expect(await home.laptop.registry.listPendingApprovals()).toEqual([]);
    const late = home.laptop.decideApproval({ approvalId, decision: 'approved', by: 'Ada', reason: 'late' });
    await expect(late).rejects.toMatchObject({ name: 'APPROVAL_EXPIRED' });
  });

  test('the page shows the evidence, a look at it decides nothing, and its form decides with a name and a reason', async () => {
    const home = await laptopForTests();
    await drop(home);
    await home.question('lamps');
    const [message] = home.messages('lamps');
    const address = new URL(message?.links?.[0]?.url ?? '');
    const path = `${address.pathname}${address.search}`;

    const page = await home.app.request(path, { headers: { accept: 'text/html' } });

    expect(page.status).toBe(200);
    expect(await page.text()).toContain('lamps');
    expect(await home.laptop.registry.listPendingApprovals()).toHaveLength(1);
    const forged = await home.app.request(`${address.pathname}?expires=9999999999&signature=x`, {
      headers: { accept: 'text/html' },
    });
    expect(forged.status).toBe(403);
    const posted = await home.app.request(path, {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ decision: 'approved', by: 'Ada', reason: 'looks good' }).toString(),
    });
    expect(posted.status).toBeLessThan(400);
    const run = await eventually('the run to end', async () => {
      const [newest] = await home.runsOf('lamps');
      return newest?.status === 'running' ? undefined : newest;
    });
    expect(run.status).toBe('succeeded');
  });
});
