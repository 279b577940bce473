import { describe, expect, it } from 'vitest';
import type { NewBatchJudgement } from '../../../lib/registry/index.ts';
import { withFlights } from './keyboard.ts';

const model = 'flight-delay';

const judgement = (batchId: string, more: Partial<NewBatchJudgement> = {}): NewBatchJudgement => ({
  model,
  batchId,
  kind: 'dropped',
  state: 'passed',
  rows: 58_400,
  labels: { no: 46_720, yes: 11_680 },
  gate: [],
  version: 1,
  runId: `run-${batchId}`,
  ...more,
});

const wrongUnit = {
  gate: 'G0',
  subject: 'data quality',
  numbers: { value: 60 },
  limit: 1,
  verdict: 'fail',
  because: '91.4 % of the values of "distance" lie outside of what validation saw, allowed 1.4 %',
} as const;

/** Four weeks of flights: before there was a champion, good, in the wrong unit, and not looked at yet. */
const weeks = async () => {
  const typed = await withFlights();
  const { registry } = typed;
  for (const batchId of ['week-1', 'week-2', 'week-3', 'week-4']) {
    const file = { key: `incoming/${model}/${batchId}.csv`, etag: batchId, sizeBytes: 1, sha256: batchId };
    await registry.noteArrival({ model, ...file });
    await registry.closeBatch(model, batchId, [file]);
  }
  await registry.recordBatchJudgement(judgement('week-1', { state: 'unjudged' }));
  await registry.recordBatchJudgement(judgement('week-2'));
  await registry.recordBatchJudgement(judgement('week-3', { state: 'quarantined', gate: [wrongUnit] }));
  return typed;
};

describe('millrace batches', () => {
  it('shows what arrived, what was found of it and why', async () => {
    const { type } = await weeks();

    const { out } = await type('batches', model);

    expect(out).toMatchInlineSnapshot(`
      "ARRIVED               STATE          ROWS    LABELS      batch   WHY
      2026-11-21 12:00 UTC  not looked at                      week-4
      2026-11-21 12:00 UTC  quarantined    58,400  yes 20.0 %  week-3  data quality: 91.4 % of the values of "distance" lie outside of what validation saw, allowed 1.4 %
      2026-11-21 12:00 UTC  good           58,400  yes 20.0 %  week-2
      2026-11-21 12:00 UTC  taken in       58,400  yes 20.0 %  week-1  no champion to compare it with
      "
    `);
  });

  it('lets a batch in once, on the word of a person', async () => {
    const { type, registry } = await weeks();

    const first = await type('batches', 'accept', model, 'week-3', '--why', 'kilometres from now on');
    const again = await type('batches', 'accept', model, 'week-3', '--why', 'really', '--by', 'bob');

    expect(first.out).toBe(
      'Batch week-3 joins the next run of flight-delay: `millrace retrain flight-delay --why …` starts one now.\n',
    );
    expect(again.out).toContain('was accepted before: nothing changed');
    expect((await type('batches', model)).out).toMatch(/ accepted .* by ada: kilometres from now on$/m);
    const [entry] = await registry.listAudit({ model });
    expect(entry).toMatchObject({ action: 'batch-accepted', by: 'ada', why: 'kilometres from now on' });
  });

  it('keeps a good batch out of the runs to come, on the word of a person', async () => {
    const { type, registry } = await weeks();

    const held = await type('batches', 'quarantine', model, 'week-2', '--why', 'labels turned round');

    expect(held.out).toContain('Batch week-2 is in no run of flight-delay from now on.');
    expect((await type('batches', model)).out).toMatch(/ quarantined .* by ada: labels turned round$/m);
    const [entry] = await registry.listAudit({ model });
    expect(entry).toMatchObject({ action: 'batch-quarantined', by: 'ada', why: 'labels turned round' });
  });

  it('has nothing to accept of a good batch, and knows no other', async () => {
    const { type } = await weeks();

    const good = await type('batches', 'accept', model, 'week-2', '--why', 'it is good');
    const unknown = await type('batches', 'accept', model, 'week-9', '--why', 'it is good');

    expect(good).toMatchObject({ exitCode: 0, out: expect.stringContaining('not in quarantine') });
    expect(unknown).toMatchObject({ exitCode: 4, err: expect.stringContaining('a batch "week-9"') });
  });

  it('says all of it as JSON', async () => {
    const { type } = await weeks();

    const { batches } = JSON.parse((await type('batches', model, '--json')).out);

    expect(batches).toHaveLength(4);
    expect(batches[0]).not.toHaveProperty('judgement');
    expect(batches[1].judgement).toMatchObject({ state: 'quarantined', gate: [wrongUnit] });
  });
});
