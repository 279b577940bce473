import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabelLine, labelTable, laterLabel } from '../../../lib/domain/labels/index.ts';

const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;

const line = (changes: Partial<LabelLine> = {}): LabelLine =>
  LabelLine.parse({
    predictionId: '01kexzzzzz0000000000000000',
    label: 'yes',
    truth: { label: 'yes' },
    at: day(5),
    receivedAt: day(6),
    source: 'labels/lamps/a.csv',
    row: 1,
    ...changes,
  });

const known = (lines: readonly LabelLine[], name = 'a') => {
  const table = labelTable();
  for (const one of lines) table.add(name, one);
  return table.join(name);
};

describe('labels of one row', () => {
  test('the one that became known last counts, and that they disagreed is known', () => {
    const early = line({ label: 'yes', at: day(5) });
    const late = line({ label: 'no', truth: { label: 'no' }, at: day(7), receivedAt: day(8) });

    expect(known([late, early])).toEqual({
      label: 'no',
      truth: { label: 'no' },
      isCorrected: true,
      firstReceivedMs: Date.parse(day(6)),
      atMs: Date.parse(day(7)),
      receivedMs: Date.parse(day(8)),
      source: 'labels/lamps/a.csv',
      row: 1,
    });
    expect(known([early, early])?.isCorrected).toBe(false);
  });

  test('of one moment the one that came later counts, then the later file, then the later row', () => {
    const first = line({ label: 'a' });
    const received = line({ label: 'b', receivedAt: day(7) });
    const file = line({ label: 'b', source: 'labels/lamps/b.csv' });
    const row = line({ label: 'b', row: 2 });

    for (const later of [received, file, row]) {
      expect(known([first, later])?.label).toBe('b');
      expect(known([later, first])?.label).toBe('b');
    }
  });

  test('a number stays a number, and truth stays as it was told', () => {
    const told = line({ label: 12.5, truth: { actual: '12:30', scheduled: '12:15', gate: null } });

    expect(known([told])).toMatchObject({ label: 12.5, truth: told.truth });
    expect(known([line({ label: 12.5, truth: { delay: 12.5 } })])?.truth).toEqual({ delay: 12.5 });
    expect(known([line({ label: '1', truth: { delay: 1 } })])?.truth).toEqual({ delay: 1 });
    const digits = { delay: '12345678901234567' };
    expect(known([line({ label: Number(digits.delay), truth: digits })])?.truth).toEqual(digits);
  });

  test('by id and by key are one: the later counts, and they may disagree', () => {
    const byId = known([line({ label: 'a', at: day(7) })]);
    const byKey = known([line({ label: 'b' })]);

    expect(laterLabel(byId, byKey)).toMatchObject({ label: 'a', isCorrected: true });
    expect(laterLabel(byKey, byId)).toMatchObject({ label: 'a', isCorrected: true });
    expect(laterLabel(undefined, byKey)).toEqual(byKey);
    expect(laterLabel(undefined, undefined)).toBeUndefined();
  });
});

describe('labels of many rows', () => {
  const lines = fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      line: fc
        .record({
          label: fc.constantFrom('yes', 'no'),
          at: fc.integer({ min: 1, max: 3 }).map(day),
          receivedAt: fc.integer({ min: 3, max: 5 }).map(day),
          source: fc.constantFrom('one', 'two'),
          row: fc.integer({ min: 1, max: 4 }),
        })
        // One row of one file says one thing.
        .map(({ label: _, ...rest }) => line({ ...rest, label: rest.row % 2 === 0 ? 'yes' : 'no' })),
    }),
    { maxLength: 40 },
  );
  const tell = (told: readonly { readonly name: string; readonly line: LabelLine }[]) => {
    const table = labelTable();
    for (const one of told) table.add(one.name, one.line);
    return ['a', 'b', 'c', 'd'].map((name) => table.join(name));
  };

  test('neither the order they come in nor repeats change what is known', () => {
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.nat()), (told, places) => {
        const shuffled = told
          .concat(told.slice(0, 5))
          .map((one) => ({ one, place: places.next().value as number }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ one }) => one);

        expect(tell(shuffled)).toEqual(tell(told));
      }),
    );
  });

  test('all of many are found, and those nobody asks for are counted', () => {
    const table = labelTable();
    for (let row = 0; row < 100_000; row += 1)
      table.add(`id ${row}`, line({ label: row, row: row + 1 }), row < 90_000);
    for (let row = 0; row < 80_000; row += 1)
      if (table.join(`id ${row}`)?.label !== row) expect.fail(`row ${row} is not itself`);

    expect(table.unjoined()).toBe(10_000);
    expect(table.join('id 100000')).toBeUndefined();
  });
});
