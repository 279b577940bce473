import { describe, expect, it } from 'vitest';
import { keys } from '../../../lib/domain/registry/index.ts';
import type { RecordStore } from '../../../lib/ports/record-store.ts';
import { freshRegistry, secondRegistry } from './support/fresh-registry.ts';
import { approvedVersions, promotedInTurn, questionAbout, registered } from './support/stories.ts';

const model = 'penguins';
const rollOut = { model, by: 'roll-out', why: 'step is due' };

const withChampions = async (...champions: readonly number[]) => {
  const fresh = freshRegistry();
  await approvedVersions(fresh.registry, 4);
  await promotedInTurn(fresh.registry, ...champions);
  return fresh;
};

describe('promotion', () => {
  it('makes a version the champion and remembers the one before', async () => {
    const { registry } = await withChampions(1, 2);

    const route = await registry.getRoute(model);

    expect(route).toEqual({ champion: 2, formerChampions: [1], previousChampion: 1, revision: 2 });
    expect((await registry.listReigns(model)).map(({ version, via }) => [version, via])).toEqual([
      [2, 'promotion'],
      [1, 'promotion'],
    ]);
  });

  it('by two at once is won by exactly one', async () => {
    const first = await withChampions(1);
    const second = secondRegistry(first);

    const results = await Promise.allSettled([
      first.registry.promote({ ...rollOut, version: 2, expectedRevision: 1 }),
      second.promote({ ...rollOut, version: 3, expectedRevision: 1 }),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toMatchObject({ name: 'RECORD_CONFLICT' });
    expect((await first.registry.getRoute(model)).revision).toBe(2);
    expect(await first.registry.listReigns(model)).toHaveLength(2);
  });

  it('done already changes nothing, whatever revision is expected', async () => {
    const { registry } = await withChampions(1);

    const again = await registry.promote({ ...rollOut, version: 1, expectedRevision: 0 });

    expect(again).toMatchObject({ changed: false, route: { champion: 1, revision: 1 } });
    expect(await registry.listReigns(model)).toHaveLength(1);
  });

  it('is refused to a version that was not approved, and to one that does not exist', async () => {
    const { registry } = freshRegistry();
    const version = await registered(registry, 'run-1');

    const undecided = registry.promote({ ...rollOut, version, expectedRevision: 0 });
    await expect(undecided).rejects.toMatchObject({
      name: 'VERSION_NOT_APPROVED',
      message: expect.stringContaining('version 1 of "penguins" is not decided on, expected approved'),
    });

    const unheard = registry.promote({ ...rollOut, version: 9, expectedRevision: 0 });
    await expect(unheard).rejects.toMatchObject({ name: 'VERSION_UNKNOWN' });
    expect(await registry.getRoute(model)).toEqual({ formerChampions: [], revision: 0 });
  });

  it('is refused to a version a person rejected', async () => {
    const { registry } = freshRegistry();
    const version = await registered(registry, 'run-1');
    await registry.requestApproval(questionAbout(version));
    const no = {
      approvalId: 'run-1',
      decision: 'rejected',
      by: 'Ada',
      reason: 'wrong on Torgersen',
    } as const;
    await registry.decideApproval(no);

    const attempt = registry.promote({ ...rollOut, version, expectedRevision: 0 });

    await expect(attempt).rejects.toMatchObject({ name: 'VERSION_NOT_APPROVED' });
  });

  it('is open to a version the policy approved, and the policy is on record', async () => {
    const { registry } = freshRegistry();
    const version = await registered(registry, 'run-1');
    await registry.approveAutomatically({
      model,
      version,
      runId: 'run-1',
      why: 'approval.policy is automatic',
    });

    await registry.promote({ ...rollOut, version, expectedRevision: 0 });

    expect(await registry.findVerdict(model, version)).toMatchObject({
      policy: 'automatic',
      status: 'approved',
    });
    expect((await registry.getRoute(model)).champion).toBe(1);
  });

  it('leaves a line in the audit with who and why', async () => {
    const { registry } = await withChampions(1);

    const [newest] = await registry.listAudit({ model });

    expect(newest).toMatchObject({
      action: 'promoted',
      by: 'roll-out',
      why: 'every step was healthy',
      version: 1,
    });
  });
});

describe('a roll-out', () => {
  it('moves a challenger from shadow to canary to champion', async () => {
    const { registry } = await withChampions(1);

    const shadow = await registry.setShadow({ ...rollOut, version: 2, expectedRevision: 1 });
    const canary = await registry.setCanary({ ...rollOut, version: 2, percent: 10, expectedRevision: 2 });
    const champion = await registry.promote({ ...rollOut, version: 2, expectedRevision: 3 });

    expect(shadow.route).toMatchObject({ champion: 1, shadow: 2 });
    expect(canary.route).toMatchObject({ champion: 1, canary: { version: 2, percent: 10 } });
    expect(canary.route.shadow).toBeUndefined();
    expect(champion.route).toEqual({ champion: 2, formerChampions: [1], previousChampion: 1, revision: 4 });
  });

  it('aborted leaves the champion alone and can be aborted again', async () => {
    const { registry } = await withChampions(1);
    await registry.setCanary({ ...rollOut, version: 2, percent: 10, expectedRevision: 1 });

    const aborted = await registry.abortRollOut({ ...rollOut, version: 2 });
    const again = await registry.abortRollOut({ ...rollOut, version: 2 });

    expect(aborted).toMatchObject({ changed: true, route: { champion: 1, revision: 3 } });
    expect(aborted.route.canary).toBeUndefined();
    expect(again.changed).toBe(false);
  });

  it('and a promotion at once do not overwrite each other', async () => {
    const first = await withChampions(1);
    const second = secondRegistry(first);

    const results = await Promise.allSettled([
      first.registry.setCanary({ ...rollOut, version: 2, percent: 10, expectedRevision: 1 }),
      second.promote({ ...rollOut, version: 3, expectedRevision: 1 }),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await first.registry.getRoute(model)).revision).toBe(2);
  });

  it('stops short when its version is rejected between reading and writing', async () => {
    const first = await withChampions(1);
    const rejectedMeanwhile: RecordStore = {
      ...first.records,
      transact: async (items) => {
        const verdict = await first.records.get(keys.verdict(model, 2));
        const body = { ...verdict?.body, status: 'rejected' };
        await first.records.put({ ...keys.verdict(model, 2), body });
        return first.records.transact(items);
      },
    };

    const promotion = secondRegistry(first, rejectedMeanwhile).promote({
      ...rollOut,
      version: 2,
      expectedRevision: 1,
    });

    await expect(promotion).rejects.toMatchObject({ name: 'RECORD_CONFLICT' });
    expect((await first.registry.getRoute(model)).champion).toBe(1);
  });

  it('of one version does not abort that of another', async () => {
    const { registry } = await withChampions(1);
    await registry.setCanary({ ...rollOut, version: 2, percent: 10, expectedRevision: 1 });

    const aborted = await registry.abortRollOut({ ...rollOut, version: 3 });

    expect(aborted).toMatchObject({ changed: false, route: { canary: { version: 2 } } });
  });

  it('stops at the next step when somebody rolled back meanwhile', async () => {
    const { registry } = await withChampions(1, 2);
    const canary = await registry.setCanary({ ...rollOut, version: 3, percent: 10, expectedRevision: 2 });
    await registry.rollBack({ model, by: 'Ada', reason: 'complaints' });

    const nextStep = registry.promote({ ...rollOut, version: 3, expectedRevision: canary.route.revision });

    await expect(nextStep).rejects.toMatchObject({ name: 'RECORD_CONFLICT' });
    expect((await registry.getRoute(model)).champion).toBe(1);
  });

  it('needs a champion that is another version', async () => {
    const without = await withChampions();
    const of1 = await withChampions(1);

    const noChampion = without.registry.setCanary({
      ...rollOut,
      version: 1,
      percent: 10,
      expectedRevision: 0,
    });
    await expect(noChampion).rejects.toMatchObject({ name: 'ROUTE_MOVE_INVALID' });

    const itself = of1.registry.setShadow({ ...rollOut, version: 1, expectedRevision: 1 });
    await expect(itself).rejects.toMatchObject({ name: 'ROUTE_MOVE_INVALID' });
  });
});

describe('roll-back', () => {
  const back = { model, by: 'Ada', reason: 'complaints from Biscoe' };

  it('returns to the champion before, and from there to the one before that', async () => {
    const { registry } = await withChampions(1, 2, 3);

    const once = await registry.rollBack(back);
    const twice = await registry.rollBack(back);

    expect(once.route).toMatchObject({ champion: 2, previousChampion: 1 });
    expect(twice.route).toMatchObject({ champion: 1, formerChampions: [] });
  });

  it('ends what was being tried out', async () => {
    const { registry } = await withChampions(1, 2);
    await registry.setCanary({ ...rollOut, version: 3, percent: 10, expectedRevision: 2 });

    const { route } = await registry.rollBack(back);

    expect(route).toEqual({ champion: 1, formerChampions: [], revision: 4 });
  });

  it('goes to a version named, an approved one', async () => {
    const { registry } = await withChampions(1, 2);
    const unapproved = await registered(registry, 'run-5');

    const { route } = await registry.rollBack({ ...back, to: 4 });
    const refused = registry.rollBack({ ...back, to: unapproved });

    expect(route).toMatchObject({ champion: 4, formerChampions: [1] });
    await expect(refused).rejects.toMatchObject({ name: 'VERSION_NOT_APPROVED' });
  });

  it('by two people who saw the same route goes back one step, not two', async () => {
    const first = await withChampions(1, 2, 3);
    const second = secondRegistry(first);
    const { revision: expectedRevision } = await first.registry.getRoute(model);

    const results = await Promise.allSettled([
      first.registry.rollBack({ ...back, expectedRevision }),
      second.rollBack({ ...back, by: 'Bob', expectedRevision }),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await first.registry.getRoute(model)).champion).toBe(2);
  });

  it('with nothing before says so', async () => {
    const { registry } = await withChampions(1);

    await expect(registry.rollBack(back)).rejects.toMatchObject({
      name: 'NOTHING_TO_ROLL_BACK',
      message: expect.stringContaining('champion 1 has no champion before it'),
    });
  });
});
