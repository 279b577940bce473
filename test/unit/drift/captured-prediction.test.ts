import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CapturedPrediction, readCapturedLine } from '../../../lib/domain/drift/index.ts';

const record = {
  predictionId: 'p1',
  model: 'penguins',
  version: 1,
  role: 'champion',
  at: '2026-02-28T09:00:00.000Z',
  features: { mass: 4200, island: null },
  output: { label: 'Adelie', probability: 0.9 },
  share: 0.25,
};

const isTakenBySchema = (value: unknown) => CapturedPrediction.safeParse(value).success;
const isTaken = (value: unknown) => readCapturedLine(JSON.stringify(value)) !== undefined;

const values: readonly unknown[] = [null, '', 'x', 0, 1, 1.5, -1, 1e300, true, [], [1], {}, { a: 1 }];
const moments: readonly string[] = [
  '2026-01-05T09:00Z',
  '2026-01-05T09:00:00Z',
  '2026-01-05T09:00:00.123456789Z',
  '2024-02-29T23:59:59.999Z',
  '2026-04-30T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-01-32T00:00:00Z',
  '2026-01-05T24:00:00Z',
  '2026-01-05T09:60:00Z',
  '2026-01-05T09:00:60Z',
  '2026-01-05T09:00:00',
  '2026-01-05T09:00:00+01:00',
  '2026-01-05 09:00:00Z',
  '2026-01-05',
  '20260105T090000Z',
  'yesterday',
];

describe('a captured line', () => {
  test('is read as it was written, what the monitor does not know included', () => {
    expect(readCapturedLine(JSON.stringify({ ...record, latencyMs: 1 }))).toEqual({
      ...record,
      latencyMs: 1,
    });
  });

  test.each(['', '{', 'null', '[]', '3', '"text"', '{"predictionId": "p1"}'])(
    'that is no prediction record is none: %s',
    (line) => {
      expect(readCapturedLine(line)).toBeUndefined();
    },
  );

  test.each(moments)('is of a moment or is none, as the schema has it: %s', (at) => {
    expect(isTaken({ ...record, at })).toBe(isTakenBySchema({ ...record, at }));
  });

  test.each([
    [0, false],
    [1, true],
    [0.001, true],
    [1.001, false],
    ['1', false],
  ])('of a sample stands for a share in (0, 1]: %o', (share, isRight) => {
    expect(isTaken({ ...record, share })).toBe(isRight);
  });

  test('is taken and refused by hand exactly as by the schema, whatever one field holds or lacks', () => {
    const fields = Object.keys(record).flatMap((field) => [
      ...values.map((value) => ({ ...record, [field]: value })),
      Object.fromEntries(Object.entries(record).filter(([name]) => name !== field)),
    ]);
    for (const value of fields) expect([value, isTaken(value)]).toEqual([value, isTakenBySchema(value)]);
    fc.assert(fc.property(fc.jsonValue(), (value) => isTaken(value) === isTakenBySchema(value)));
  });
});
