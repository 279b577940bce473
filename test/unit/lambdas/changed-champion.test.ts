import { describe, expect, test } from 'vitest';
import { run as requestApproval } from '../../../lambdas/request-approval/handler.ts';
import { run as shiftTraffic } from '../../../lambdas/shift-traffic/handler.ts';
import type { JsonValue } from '../../../lib/wire/json.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';
import { approvedVersions, penguinSpec, promotedInTurn, registered } from '../registry/support/stories.ts';

/** Two runs side by side, both compared with version 1, where nobody is to be asked; the first one serves already. */
const sideBySide = async ({ serving = [1, 2] }: { readonly serving?: readonly number[] } = {}) => {
  const { registry } = freshRegistry();
  await registry.applySpec({ spec: penguinSpec({ approval: { policy: 'automatic' } }), by: 'Ada' });
  await approvedVersions(registry, 2);
  await promotedInTurn(registry, ...serving);
  const trigger = { kind: 'new-data', by: 'millrace', why: 'a batch arrived' } as const;
  await registry.startRun({ runId: 'run-3', model: 'penguins', trigger, specRevision: 1, comparedWith: 1 });
  const version = await registered(registry, 'run-3');
  const answers: JsonValue[] = [];
  const told: string[] = [];
  const services = {
    registry,
    workflow: { completeTask: async (_: string, output: JsonValue) => void answers.push(output) },
    notifier: { notify: async ({ text }: { readonly text: string }) => void told.push(text) },
    approvalUrl: () => undefined,
  } as unknown as Parameters<typeof requestApproval>[1];
  const input = { model: 'penguins', runId: 'run-3', version, doubts: [], isConflict: false };
  const ask = () => requestApproval({ ...input, taskToken: 'token' }, services);
  const promote = () => shiftTraffic({ ...input, step: { kind: 'promote' }, because: [] }, services);
  return { registry, version, answers, told, ask, promote };
};

describe('a version whose gates were judged against a champion that no longer serves', () => {
  test('is not let through by a policy: a person is told which it was compared with', async () => {
    const { registry, answers, told, ask } = await sideBySide();

    await ask();

    expect(answers).toEqual([]);
    expect(told).toEqual([
      expect.stringContaining('it was compared with version 1, and version 2 serves by now'),
    ]);
    expect(await registry.listPendingApprovals({ model: 'penguins' })).toHaveLength(1);
  });

  test('does not replace it when both were let through by the policy, and may once a person has approved', async () => {
    const { registry, version, answers, ask, promote } = await sideBySide({ serving: [1] });
    await ask();
    await promotedInTurn(registry, 2);

    await expect(promote()).rejects.toMatchObject({
      name: 'CHAMPION_CHANGED',
      message: expect.stringContaining('compared with version 1, and version 2 serves'),
    });

    expect(answers).toEqual([expect.objectContaining({ decision: 'approved', by: 'approval policy' })]);
    expect(await registry.getRoute('penguins')).toMatchObject({ champion: 2 });
    await registry.noteRun('run-3', { approvalId: 'run-3' });
    await promote();
    expect(await registry.getRoute('penguins')).toMatchObject({ champion: version });
    await promote();
  });
});
