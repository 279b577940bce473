import { expect, test } from 'vitest';
import type { RecordQuery } from '../../../lib/ports/record-store.ts';
import { freshRegistry, secondRegistry } from './support/fresh-registry.ts';

const file = (name: string, etag = 'first', sizeBytes = 10) => ({
  model: 'penguins',
  key: `labels/penguins/${name}`,
  etag,
  sizeBytes,
});
const names = (files: readonly { readonly key: string }[]) => files.map(({ key }) => key.slice(16));

test('a file of labels is noted once, and its new content is another', async () => {
  const { registry } = freshRegistry();

  expect(await registry.noteLabelFile(file('a.csv'))).toEqual({ isNew: true });
  expect(await registry.noteLabelFile(file('a.csv'))).toEqual({ isNew: false });
  expect(await registry.noteLabelFile(file('a.csv', 'corrected'))).toEqual({ isNew: true });

  expect(names(await registry.pendingLabelFiles('penguins'))).toEqual(['a.csv', 'a.csv']);
});

test('an intake holds the oldest files that fit together, and stays the same until it is closed', async () => {
  const { registry, clock } = freshRegistry();
  for (const name of ['large.csv', 'small.csv', 'larger.csv', 'last.csv']) {
    await registry.noteLabelFile(file(name, 'first', name.startsWith('large') ? 0.9e9 : 10));
    await clock.advance(1000);
  }

  const first = await registry.openLabelIntake('penguins');
  await registry.noteLabelFile(file('late.csv'));
  const again = await registry.openLabelIntake('penguins');
  const taken = first.map(({ key, etag }) => ({ key, etag, rows: 3, taken: 2, refused: 1 }));
  await registry.closeLabelIntake('penguins', taken);
  const second = await registry.openLabelIntake('penguins');

  expect(names(first)).toEqual(['large.csv', 'small.csv']);
  expect(again).toEqual(first);
  expect(names(second)).toEqual(['larger.csv', 'last.csv', 'late.csv']);
  expect(await registry.listTakenLabelFiles('penguins')).toMatchObject([
    { status: 'taken', rows: 3, taken: 2, refused: 1 },
    { status: 'taken', rows: 3, taken: 2, refused: 1 },
  ]);
});

test('whoever closes an intake late closes no other, and what was marked first stands', async () => {
  const first = freshRegistry();
  const slow = secondRegistry(first);
  const { registry } = first;
  await registry.noteLabelFile(file('a.csv'));
  const [a] = await registry.openLabelIntake('penguins');
  await slow.openLabelIntake('penguins');
  const outcome = { key: a?.key ?? '', etag: a?.etag ?? '', rows: 1, taken: 1, refused: 0 };
  await registry.closeLabelIntake('penguins', [outcome]);
  await registry.noteLabelFile(file('b.csv'));
  const open = await registry.openLabelIntake('penguins');
  await registry.noteLabelFile(file('c.csv'));

  await slow.closeLabelIntake('penguins', [{ ...outcome, taken: 0, refused: 1 }]);

  expect(await registry.openLabelIntake('penguins')).toEqual(open);
  expect(await registry.listTakenLabelFiles('penguins')).toMatchObject([{ taken: 1, refused: 0 }]);
});

test('a model without labels has no intake', async () => {
  expect(await freshRegistry().registry.openLabelIntake('penguins')).toEqual([]);
});

test('however many files wait, an intake looks at some hundred of them', async () => {
  const first = freshRegistry();
  const { records } = first;
  let read = 0;
  const counting = {
    ...records,
    query: async (query: RecordQuery) => {
      const page = await records.query(query);
      read += page.records.length;
      return page;
    },
  };
  const registry = secondRegistry(first, counting);
  for (let number = 0; number < 2500; number += 1) await registry.noteLabelFile(file(`${number}.csv`));

  expect(await registry.openLabelIntake('penguins')).toHaveLength(1000);
  expect(read).toBeLessThanOrEqual(2000);
});

test('an intake of files with long names fits in a record', async () => {
  const { registry } = freshRegistry();
  for (let number = 0; number < 400; number += 1)
    await registry.noteLabelFile(file(`${'é'.repeat(480)}${number}.csv`));

  const open = await registry.openLabelIntake('penguins');

  expect(open.length).toBeGreaterThan(150);
  expect(open.length).toBeLessThan(210);
});
