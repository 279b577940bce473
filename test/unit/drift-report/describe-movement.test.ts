import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BaselineColumn, emptyProfile } from '../../../lib/domain/drift/index.ts';
import { describeMovement, partMovements } from '../../../lib/domain/drift-report/index.ts';

const counts = (values: readonly number[], wrong = 0) => ({ counts: [...values], outside: 0, wrong });

const distance: BaselineColumn = {
  name: 'distance',
  of: 'feature',
  bins: { kind: 'number', edges: [100, 300, 800, 1200], min: 10, max: 5000 },
  counts: counts([200, 200, 200, 200, 200, 0]),
};

const origin: BaselineColumn = {
  name: 'origin',
  of: 'feature',
  bins: { kind: 'category', values: ['ATL', 'ORD', 'DFW'], isClosed: false, singletons: 0 },
  counts: counts([500, 300, 100, 100, 0]),
};

describe('how a column moved, in words', () => {
  it('names what gained and what lost, neighbours that moved alike as one', () => {
    expect(describeMovement(distance, counts([150, 160, 200, 200, 290, 0]))).toBe(
      '"distance": more above 1,200 (+9 points), less up to 300 (−9 points)',
    );
  });

  it('speaks of values by name, of the others, and of what is missing', () => {
    expect(describeMovement(origin, counts([300, 300, 100, 200, 100]))).toBe(
      '"origin": more other values (+10 points), more missing (+10 points), less ATL (−20 points)',
    );
  });

  it('says so when nothing moved, nothing came, or nothing is there to compare with', () => {
    expect(describeMovement(distance, distance.counts)).toBe('"distance": as before');
    expect(describeMovement(distance, counts([0, 0, 0, 0, 0, 0]))).toBe('"distance": no values');
    expect(describeMovement(distance, counts([0, 0, 0, 0, 0, 0], 7))).toBe(
      '"distance": no values, 7 of the wrong kind',
    );
    expect(describeMovement(distance, counts([0, 0, 0, 0, 0, 40]))).toBe(
      '"distance": every value is missing',
    );
    expect(describeMovement({ ...distance, counts: counts([0, 0, 0, 0, 0, 0]) }, distance.counts)).toBe(
      '"distance": nothing to compare with',
    );
  });

  it('keeps edges apart however close they are', () => {
    const close: BaselineColumn = {
      ...distance,
      bins: { kind: 'number', edges: [0.12345, 0.12349], min: 0, max: 1 },
      counts: counts([10, 10, 10, 0]),
    };
    expect(describeMovement(close, counts([0, 30, 0, 0]))).toBe(
      '"distance": more 0.12345 to 0.12349 (+67 points), less up to 0.12345 (−33 points), less above 0.12349 (−33 points)',
    );
  });

  it('cannot be steered by a name', () => {
    expect(
      describeMovement({ ...distance, name: `a\u001b[31m\u202e${'x'.repeat(500)}` }, distance.counts),
    ).toMatch(/^"a\ufffd\[31m\ufffdx{70,80}…": as before$/);
  });

  it('accounts for every row: what is gained is what is lost', () => {
    const six = fc.array(fc.nat({ max: 1000 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(six, six, (a, b) => {
        fc.pre(a.some((one) => one > 0) && b.some((one) => one > 0));
        const parts = partMovements({ ...distance, counts: counts(a) }, counts(b));
        expect(parts.reduce((sum, { change }) => sum + change, 0)).toBeCloseTo(0, 9);
        expect(parts.reduce((sum, { now }) => sum + now, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is asked about profiles as they are made', () => {
    const [column] = emptyProfile([distance.bins]).columns;
    expect(column && describeMovement(distance, column)).toBe('"distance": no values');
  });
});
