import { describe, expect, it } from 'vitest';
import { keys } from '../../../lib/domain/registry/index.ts';
import { freshRegistry, secondRegistry } from './support/fresh-registry.ts';
import { approvedVersions, promotedInTurn, registered, trainedBy } from './support/stories.ts';

describe('model versions', () => {
  it('are numbered from 1, per model', async () => {
    const { registry } = freshRegistry();

    const numbers = [await registered(registry, 'run-a'), await registered(registry, 'run-b')];
    const other = await registry.registerVersion({ ...trainedBy('run-c'), model: 'flights' });

    expect(numbers).toEqual([1, 2]);
    expect(other.version.version).toBe(1);
  });

  it('are registered once per run, also by two at once', async () => {
    const first = freshRegistry();
    const second = secondRegistry(first);

    const results = await Promise.all([
      first.registry.registerVersion(trainedBy('run-a')),
      second.registerVersion(trainedBy('run-a')),
    ]);

    expect(results.map(({ version }) => version.version)).toEqual([1, 1]);
    expect(results.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect(await first.registry.listVersions('penguins')).toHaveLength(1);
    expect(await registered(first.registry, 'run-b')).toBe(2);
  });

  it('of six runs at once get six numbers', async () => {
    const { registry } = freshRegistry();

    const numbers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((run) => registered(registry, run)));

    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of a run that another overtakes while it looks for its number get the next one', async () => {
    const first = freshRegistry();
    let isOvertaken = false;
    const slow = secondRegistry(first, {
      ...first.records,
      get: async (key) => {
        const found = await first.records.get(key);
        const isCounter = key.sort === keys.versionCounter('penguins').sort;
        if (isCounter && !isOvertaken) {
          isOvertaken = true;
          await registered(first.registry, 'run-b');
        }
        return found;
      },
    });

    const numbers = [await registered(slow, 'run-a'), await registered(slow, 'run-b')];

    expect(numbers).toEqual([2, 1]);
  });

  it('of two runs at once have two numbers reserved', async () => {
    const { registry } = freshRegistry();

    const numbers = await Promise.all(
      ['run-a', 'run-b'].map((runId) => registry.reserveVersion({ model: 'penguins', runId })),
    );

    expect(numbers.sort()).toEqual([1, 2]);
  });

  it('refuse another artifact from the same run', async () => {
    const { registry } = freshRegistry();
    await registered(registry, 'run-a');

    const attempt = registry.registerVersion({ ...trainedBy('run-a'), artifactSha256: 'f'.repeat(64) });

    await expect(attempt).rejects.toMatchObject({
      name: 'VERSION_IMMUTABLE',
      message: expect.stringContaining('start a new run'),
    });
  });

  it('take the number reserved for their run', async () => {
    const { registry } = freshRegistry();
    const reserved = await registry.reserveVersion({ model: 'penguins', runId: 'run-a' });
    const overtaking = await registered(registry, 'run-b');

    const { version } = await registry.registerVersion(trainedBy('run-a'));

    expect([reserved, overtaking, version.version]).toEqual([1, 2, 1]);
    expect(await registry.reserveVersion({ model: 'penguins', runId: 'run-a' })).toBe(1);
  });

  it('show the stage that follows from verdict and route', async () => {
    const { registry } = freshRegistry();
    await approvedVersions(registry, 4);
    await registered(registry, 'run-5');
    await promotedInTurn(registry, 1, 2);
    const { revision } = await registry.getRoute('penguins');
    await registry.setCanary({
      model: 'penguins',
      version: 3,
      percent: 10,
      expectedRevision: revision,
      by: 'roll-out',
      why: 'first step',
    });

    const stages = (await registry.listVersions('penguins')).map(({ version, stage }) => [version, stage]);

    expect(stages).toEqual([
      [5, 'registered'],
      [4, 'approved'],
      [3, 'canary'],
      [2, 'champion'],
      [1, 'former-champion'],
    ]);
  });

  it('that do not exist are said not to', async () => {
    const { registry } = freshRegistry();

    await expect(registry.getVersion('penguins', 7)).rejects.toMatchObject({
      name: 'VERSION_UNKNOWN',
      message: expect.stringContaining('model "penguins" has no version 7'),
    });
  });
});
