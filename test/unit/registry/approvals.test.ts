import { describe, expect, it } from 'vitest';
import { freshRegistry, secondRegistry } from './support/fresh-registry.ts';
import { questionAbout, registered } from './support/stories.ts';

const yes = { approvalId: 'run-1', decision: 'approved', by: 'Ada', reason: 'good on every island' } as const;
const no = { approvalId: 'run-1', decision: 'rejected', by: 'Bob', reason: 'wrong on Torgersen' } as const;
const hourMs = 3_600_000;

const asked = async () => {
  const fresh = freshRegistry();
  await registered(fresh.registry, 'run-1');
  await fresh.registry.requestApproval(questionAbout(1));
  return fresh;
};

describe('a request for approval', () => {
  it('waits until its time is up', async () => {
    const { registry } = await asked();

    expect(await registry.listPendingApprovals()).toMatchObject([
      {
        approvalId: 'run-1',
        status: 'pending',
        requestedAt: '2026-01-05T09:00:00.000Z',
        expiresAt: '2026-01-08T09:00:00.000Z',
      },
    ]);
    expect(await registry.listPendingApprovals({ model: 'flights' })).toEqual([]);
  });

  it('shows its task token in no listing and no record of the approval', async () => {
    const { registry } = await asked();
    await registry.decideApproval(yes);

    const shown = JSON.stringify([
      await registry.listPendingApprovals(),
      await registry.listUnansweredApprovals(),
      await registry.getApproval('run-1'),
      await registry.listAudit(),
      await registry.listVersions('penguins'),
    ]);

    expect(shown).not.toContain('token-of-run-1');
    expect(await registry.taskTokenOf('run-1')).toBe('token-of-run-1');
  });

  it('made again is the same request, with the token of the newer task', async () => {
    const { registry } = await asked();

    await registry.requestApproval({ ...questionAbout(1), taskToken: 'second-token' });

    expect(await registry.listPendingApprovals()).toHaveLength(1);
    expect(await registry.taskTokenOf('run-1')).toBe('second-token');
  });

  it('made again after the decision is to be answered again', async () => {
    const { registry } = await asked();
    await registry.decideApproval(yes);
    await registry.noteTokenAnswered('run-1');

    const again = await registry.requestApproval({ ...questionAbout(1), taskToken: 'second-token' });

    expect(again).toMatchObject({ status: 'approved', decidedBy: 'Ada' });
    expect(again.tokenAnsweredAt).toBeUndefined();
    expect(await registry.listUnansweredApprovals()).toEqual([again]);
  });

  it('delivered twice by the same task stays answered', async () => {
    const { registry } = await asked();
    await registry.decideApproval(yes);
    const answered = await registry.noteTokenAnswered('run-1');

    const again = await registry.requestApproval(questionAbout(1));

    expect(again).toEqual(answered);
    expect(await registry.listUnansweredApprovals()).toEqual([]);
  });
});

describe('a decision', () => {
  it('is kept with its name and reason, as verdict and in the audit', async () => {
    const { registry } = await asked();

    const decided = await registry.decideApproval(yes);

    expect(decided).toMatchObject({ status: 'approved', decidedBy: 'Ada', reason: 'good on every island' });
    expect(await registry.findVerdict('penguins', 1)).toMatchObject({ status: 'approved', by: 'Ada' });
    expect((await registry.listAudit())[0]).toMatchObject({
      action: 'approval-approved',
      by: 'Ada',
      why: 'good on every island',
      version: 1,
    });
    expect(await registry.listPendingApprovals()).toEqual([]);
  });

  it('by two people at once is that of one, and the other learns whose', async () => {
    const first = await asked();
    const second = secondRegistry(first);

    const results = await Promise.allSettled([first.registry.decideApproval(yes), second.decideApproval(no)]);

    const { status, decidedBy } = await first.registry.getApproval('run-1');
    const lost = results.find((result) => result.status === 'rejected');
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(lost?.reason).toMatchObject({ name: 'APPROVAL_DECIDED', details: { status, decidedBy } });
    expect((await first.registry.findVerdict('penguins', 1))?.by).toBe(decidedBy);
  });

  it('repeated by the same person changes nothing', async () => {
    const { registry } = await asked();
    const once = await registry.decideApproval(yes);
    const linesBefore = await registry.listAudit();

    const again = await registry.decideApproval(yes);

    expect(again).toEqual(once);
    expect(await registry.listAudit()).toEqual(linesBefore);
  });

  it('is not taken back, not even by the same person', async () => {
    const { registry } = await asked();
    await registry.decideApproval(yes);

    const attempt = registry.decideApproval({ ...no, by: 'Ada' });

    await expect(attempt).rejects.toMatchObject({
      name: 'APPROVAL_DECIDED',
      message: expect.stringContaining('approval run-1 was approved by Ada'),
    });
  });

  it.each([
    ['a name', { ...yes, by: '  ' }, 'say who decides'],
    ['a reason', { ...yes, reason: '' }, 'say why'],
  ])('without %s is refused', async (_, decision, expected) => {
    const { registry } = await asked();

    await expect(registry.decideApproval(decision)).rejects.toMatchObject({
      name: 'INPUT_INVALID',
      message: expect.stringContaining(expected),
    });
    expect(await registry.listPendingApprovals()).toHaveLength(1);
  });

  it('comes too late from the very moment the request expires', async () => {
    const { registry, clock } = await asked();
    await clock.advance(72 * hourMs);

    await expect(registry.decideApproval(yes)).rejects.toMatchObject({
      name: 'APPROVAL_EXPIRED',
      message: expect.stringContaining('2026-01-08T09:00:00.000Z'),
    });
  });

  it('just before that is in time', async () => {
    const { registry, clock } = await asked();
    await clock.advance(72 * hourMs - 1);

    expect((await registry.decideApproval(yes)).status).toBe('approved');
  });

  it('on a question nobody asked is refused', async () => {
    const { registry } = freshRegistry();

    await expect(registry.decideApproval(yes)).rejects.toMatchObject({ name: 'APPROVAL_UNKNOWN' });
  });

  it('can be told to the workflow after a crash in between', async () => {
    const { registry } = await asked();
    await registry.decideApproval(yes);

    const unanswered = await registry.listUnansweredApprovals();
    await registry.noteTokenAnswered('run-1');

    expect(unanswered.map(({ approvalId }) => approvalId)).toEqual(['run-1']);
    expect(await registry.listUnansweredApprovals()).toEqual([]);
  });
});

describe('an expired request', () => {
  it('is a verdict by nobody', async () => {
    const { registry } = await asked();

    const expired = await registry.expireApproval('run-1');

    expect(expired.status).toBe('expired');
    expect(await registry.findVerdict('penguins', 1)).toMatchObject({ status: 'expired', by: 'millrace' });
    expect(await registry.listUnansweredApprovals()).toEqual([]);
    await expect(registry.decideApproval(yes)).rejects.toMatchObject({ name: 'APPROVAL_EXPIRED' });
  });

  it('says whether its time was up or its run ended before', async () => {
    const early = await asked();
    const late = await asked();
    await late.clock.advance(72 * hourMs);

    expect((await early.registry.expireApproval('run-1')).reason).toBe(
      'its run ended before anybody decided',
    );
    expect((await late.registry.expireApproval('run-1')).reason).toBe(
      'nobody decided before 2026-01-08T09:00:00.000Z',
    );
  });

  it('that was decided in time stays decided', async () => {
    const { registry } = await asked();
    await registry.decideApproval(yes);

    expect((await registry.expireApproval('run-1')).status).toBe('approved');
  });
});
