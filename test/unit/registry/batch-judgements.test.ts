import { describe, expect, test } from 'vitest';
import type { NewBatchJudgement } from '../../../lib/registry/index.ts';
import { freshRegistry } from './support/fresh-registry.ts';

const bad: NewBatchJudgement = {
  model: 'lamps',
  batchId: '2',
  kind: 'dropped',
  state: 'quarantined',
  rows: 600,
  gate: [
    {
      gate: 'G0',
      subject: 'data quality',
      numbers: { value: 50 },
      limit: 1,
      verdict: 'fail',
      because: '0.9 of the values of "hours" lie outside',
    },
  ],
  runId: 'run-2',
};

describe('batches in quarantine', () => {
  test('are judged once, and the quarantine is in the audit with its reasons', async () => {
    const { registry } = freshRegistry();

    const first = await registry.recordBatchJudgement(bad);
    const again = await registry.recordBatchJudgement({ ...bad, state: 'passed', gate: [] });

    expect(first.isNew).toBe(true);
    expect(again).toEqual({ isNew: false, judgement: first.judgement });
    const audit = await registry.listAudit({ model: 'lamps' });
    expect(audit.map(({ action, by, why }) => [action, by, why])).toEqual([
      ['batch-quarantined', 'millrace', '0.9 of the values of "hours" lie outside'],
    ]);
  });

  test('are accepted by a person, whose first word stands', async () => {
    const { registry } = freshRegistry();
    await registry.recordBatchJudgement(bad);

    const accepted = await registry.acceptBatch({ model: 'lamps', batchId: '2', by: 'Ada', why: 'seconds' });
    const again = await registry.acceptBatch({ model: 'lamps', batchId: '2', by: 'Bob', why: 'me too' });

    expect(accepted).toMatchObject({
      isNew: true,
      judgement: { state: 'accepted', acceptance: { by: 'Ada', why: 'seconds' } },
    });
    expect(again).toEqual({ isNew: false, judgement: accepted.judgement });
    expect(await registry.listBatchJudgements('lamps')).toEqual([accepted.judgement]);
    const actions = (await registry.listAudit({ model: 'lamps' })).map(({ action }) => action);
    expect(actions).toEqual(['batch-accepted', 'batch-quarantined']);
  });

  test('are put there by a person too, whatever the gates said, until one accepts them', async () => {
    const { registry } = freshRegistry();
    await registry.recordBatchJudgement({ ...bad, state: 'passed', gate: [] });
    const batch = { model: 'lamps', batchId: '2', by: 'Ada' };

    const held = await registry.quarantineBatch({ ...batch, why: 'the labels are turned round' });
    const again = await registry.quarantineBatch({ ...batch, why: 'again' });
    const accepted = await registry.acceptBatch({ ...batch, why: 'they were not' });

    expect(held.judgement).toMatchObject({
      state: 'quarantined',
      objection: { by: 'Ada', why: 'the labels are turned round' },
    });
    expect(again).toEqual({ isNew: false, judgement: held.judgement });
    expect(accepted.judgement).not.toHaveProperty('objection');
    expect((await registry.listAudit({ model: 'lamps' })).map(({ action }) => action)).toEqual([
      'batch-accepted',
      'batch-quarantined',
    ]);
  });

  test('a batch no run has looked at cannot be accepted', async () => {
    const { registry } = freshRegistry();

    await expect(
      registry.acceptBatch({ model: 'lamps', batchId: '9', by: 'Ada', why: 'why not' }),
    ).rejects.toMatchObject({ name: 'BATCH_UNKNOWN' });
  });
});
