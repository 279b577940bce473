import { expect, test } from 'vitest';
import { registry as makeRegistry } from '../../../lib/registry/index.ts';
import { freshRegistry } from './support/fresh-registry.ts';

test('the same refusal is counted also after a clock that was ahead has left a decision', async () => {
  const { registry, records, clock, ids } = freshRegistry();
  const ahead = makeRegistry({ records, clock: { ...clock, now: () => clock.now() + 3_600_000 }, ids });
  const refusal = { model: 'penguins', decision: 'wait' as const, signals: ['drift-v1'] };

  await ahead.noteDecision({ ...refusal, because: ['a run has not ended'] });
  for (let look = 0; look < 5; look += 1) {
    await clock.advance(1000);
    await registry.noteDecision({ ...refusal, because: ['cooling down'] });
  }

  expect(await registry.listDecisions('penguins')).toMatchObject([
    { because: ['cooling down'], count: 5, lastSeenAt: '2026-01-05T09:00:05.000Z' },
    { because: ['a run has not ended'], count: 1 },
  ]);
});

test('five who refuse for the same reason at once leave one record that counts them', async () => {
  const { registry } = freshRegistry();
  const refusal = {
    model: 'penguins',
    decision: 'refuse' as const,
    signals: [],
    because: ['the data is bad'],
  };
  await registry.noteDecision({ ...refusal, because: ['paused'] });

  await Promise.all(Array.from({ length: 5 }, () => registry.noteDecision(refusal)));

  expect(await registry.listDecisions('penguins')).toMatchObject([
    { because: ['the data is bad'], count: 5 },
    { because: ['paused'], count: 1 },
  ]);
  const audit = await registry.listAudit({ model: 'penguins' });
  expect(audit.map(({ why }) => why)).toEqual(['the data is bad', 'paused']);
});
