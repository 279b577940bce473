import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAxis } from '../../../lib/domain/drift-report/time-axis.ts';
import { valueAxis } from '../../../lib/domain/drift-report/value-axis.ts';

const at = (text: string) => Date.parse(text);
const textsOf = (from: string, to: string) => timeAxis(at(from), at(to)).ticks.map(({ text }) => text);

describe('the axis of time', () => {
  it.each([
    [
      'an hour',
      '2026-11-21T09:00:00Z',
      '2026-11-21T10:00:00Z',
      ['21 Nov 09:15', '21 Nov 09:30', '21 Nov 09:45'],
    ],
    [
      'a day of hours',
      '2026-11-21T00:00:00Z',
      '2026-11-22T00:00:00Z',
      ['21 Nov 06:00', '21 Nov 12:00', '21 Nov 18:00'],
    ],
    ['some days', '2026-11-18T00:00:00Z', '2026-11-22T00:00:00Z', ['19 Nov', '20 Nov', '21 Nov']],
    ['a month', '2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z', ['9 Apr', '16 Apr', '23 Apr']],
    ['half a year of weeks', '2026-01-01T00:00:00Z', '2026-07-30T00:00:00Z', undefined],
  ])('has whole hours, days or weeks: %s', (_, from, to, expected) => {
    const texts = textsOf(from, to);

    if (expected !== undefined) expect(texts).toEqual(expected);
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('names a month where it begins', () => {
    const from = at('2001-02-15');
    const axis = timeAxis(from, at('2001-06-28'));

    expect(axis.ticks).toEqual(
      ['Mar', 'Apr', 'May', 'Jun'].map((month, index) => ({
        x: axis.x(Date.UTC(2001, index + 2)),
        text: `${month} 2001`,
      })),
    );
    expect(textsOf('2000-03-01', '2004-11-01')).toEqual(['Jan 2001', 'Jan 2002', 'Jan 2003', 'Jan 2004']);
  });

  it('has at most five labels, in order and within, of any span', () => {
    const moment = fc.integer({ min: at('2020-01-01'), max: at('2030-01-01') });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 9 * 365 * 86_400 }), (from, seconds) => {
        const axis = timeAxis(from, from + seconds * 1000);
        const places = axis.ticks.map(({ x }) => x);
        expect(places.length).toBeLessThanOrEqual(5);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (const place of places) expect(place >= 0 && place <= 100).toBe(true);
        expect([axis.x(axis.from), axis.x(axis.to)]).toEqual([0, 100]);
      }),
    );
  });
});

describe('the axis of values', () => {
  it('has round numbers around what is drawn', () => {
    expect(valueAxis([0.12, 1.7, 2.2], { from: 0 })).toMatchObject({ from: 0, to: 3 });
    expect(valueAxis([0.769, 0.842]).ticks.map(({ text }) => text)).toEqual([
      '0.76',
      '0.78',
      '0.8',
      '0.82',
      '0.84',
      '0.86',
    ]);
  });

  it('holds every value, of any size, and one alone', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const axis = valueAxis(values);
        const slack = (axis.to - axis.from) * 1e-9;
        expect(axis.to).toBeGreaterThan(axis.from);
        for (const one of values) expect(one >= axis.from - slack && one <= axis.to + slack).toBe(true);
        expect(axis.ticks.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('is there without a value', () => {
    expect(valueAxis([])).toEqual({ from: 0, to: 1, ticks: [] });
  });
});
