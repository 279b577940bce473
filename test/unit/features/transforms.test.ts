import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingDatetime } from '../../../lib/domain/dataset/index.ts';
import { alternating, column, fitStory, float32, matrixOf, tableOf } from './stories.ts';

const nan = Number.NaN;

/** Runs one transform over one column, in the graph. */
const transformed = async (
  kind: Parameters<typeof column>[0],
  cells: Parameters<typeof column>[1],
  transform: Record<string, unknown>,
): Promise<readonly number[]> => {
  const table = tableOf({ x: column(kind, cells) });
  const target = alternating(table.rows);
  const fitted = fitStory({
    table,
    target,
    features: [{ name: 'made', column: 'x', ...transform }],
    sources: ['x'],
  });
  return (await matrixOf(fitted, table)).feature('made');
};

const anyNumber = fc.oneof(
  fc.constant(nan),
  fc.constantFrom(0, -0, 1, -1, 0.5, 1e-9, 1e15, -1e15),
  fc.double({ noDefaultInfinity: true, min: -1e30, max: 1e30 }),
);
const numbers = fc.array(anyNumber, { minLength: 1, maxLength: 40 });

describe('date parts', () => {
  const parts: Record<string, (date: Date) => number> = {
    year: (date) => date.getUTCFullYear(),
    month: (date) => date.getUTCMonth() + 1,
    dayOfMonth: (date) => date.getUTCDate(),
    dayOfWeek: (date) => date.getUTCDay() || 7,
    dayOfYear: (date) => {
      const january1 = new Date(date.getTime());
      january1.setUTCMonth(0, 1);
      january1.setUTCHours(0, 0, 0, 0);
      return Math.floor((date.getTime() - january1.getTime()) / 86_400_000) + 1;
    },
    hour: (date) => date.getUTCHours(),
    minuteOfDay: (date) => Math.floor((((date.getTime() % 86_400_000) + 86_400_000) % 86_400_000) / 60_000),
  };

  /** Every part of two datetime columns at once, which also exercises the columns side by side. */
  const allParts = async (first: readonly bigint[], second: readonly bigint[]) => {
    const table = tableOf({ first: column('datetime', first), second: column('datetime', second) });
    const features = Object.keys(parts).flatMap((transform) => [
      { name: `first ${transform}`, transform, column: 'first' },
      { name: `second ${transform}`, transform, column: 'second' },
    ]);
    const fitted = fitStory({
      table,
      target: alternating(table.rows),
      features,
      sources: ['first', 'second'],
    });
    return matrixOf(fitted, table);
  };

  const expectedOf = (part: string, cells: readonly bigint[]) =>
    float32(cells.map((ms) => (ms === missingDatetime ? nan : (parts[part]?.(new Date(Number(ms))) ?? nan))));

  const check = async (first: readonly bigint[], second: readonly bigint[]) => {
    const matrix = await allParts(first, second);
    for (const part of Object.keys(parts)) {
      expect(matrix.feature(`first ${part}`), part).toEqual(expectedOf(part, first));
      expect(matrix.feature(`second ${part}`), part).toEqual(expectedOf(part, second));
    }
  };

  test('are right on leap days, at the ends of years and centuries, and before 1970', async () => {
    const dates = [
      '1970-01-01T00:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
      '1900-02-28T23:59:59.999Z',
      '1900-03-01T00:00:00.000Z',
      '2000-02-29T12:34:56.789Z',
      '2024-02-29T00:00:00.000Z',
      '2023-12-31T23:59:00.000Z',
      '2024-12-31T23:59:59.999Z',
      '2100-02-28T00:00:00.000Z',
      '0001-01-01T00:00:00.000Z',
      '-000001-12-31T00:00:00.000Z',
      '-271820-01-01T00:00:00.000Z',
      '+275760-09-13T00:00:00.000Z',
    ].map((text) => BigInt(Date.parse(text)));

    await check([...dates, missingDatetime], [missingDatetime, ...dates]);
  });

  test('agree with the calendar of JavaScript for every day of four hundred years', async () => {
    const start = Date.parse('1799-06-01T00:00:00Z');
    const days = Array.from({ length: 146_100 }, (_, day) => BigInt(start + day * 86_400_000));

    const matrix = await matrixOf(
      fitStory({
        table: tableOf({ x: column('datetime', days) }),
        target: alternating(days.length),
        features: ['year', 'month', 'dayOfMonth', 'dayOfYear', 'dayOfWeek'].map((transform) => {
          return { name: transform, transform, column: 'x' };
        }),
        sources: ['x'],
      }),
      tableOf({ x: column('datetime', days) }),
    );

    for (const part of matrix.names) {
      const wrong = matrix
        .feature(part)
        .findIndex((value, row) => value !== parts[part]?.(new Date(start + row * 86_400_000)));
      expect(wrong, part).toBe(-1);
    }
  });

  test('agree with the calendar of JavaScript for any millisecond it can name', async () => {
    // The last day a Date can name, and the first year whose 1 January it can.
    const earliest = BigInt(Date.UTC(-271_820, 0, 1));
    const latest = 8_640_000_000_000_000n;
    const anyDatetime = fc.oneof(
      { weight: 1, arbitrary: fc.constant(missingDatetime) },
      { weight: 8, arbitrary: fc.bigInt({ min: earliest, max: latest }) },
    );
    const pairs = fc.array(fc.tuple(anyDatetime, anyDatetime), { minLength: 1, maxLength: 50 });

    await fc.assert(
      fc.asyncProperty(pairs, (cells) =>
        check(
          cells.map(([a]) => a),
          cells.map(([, b]) => b),
        ),
      ),
      { numRuns: 25 },
    );
  });
});

describe('number transforms', () => {
  test('log is log(1 + x), missing below 0 and where x is missing', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, async (cells) => {
        const made = await transformed('number', cells, { transform: 'log' });

        const expected = cells.map((x) => (x >= 0 ? Math.log1p(x) : nan));
        made.forEach((value, row) => {
          const wanted = expected[row] ?? nan;
          if (Number.isNaN(wanted)) expect(value).toBeNaN();
          // log(1 + x) in float64 loses what x has below 2^-53, so a tiny absolute slack.
          else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-7 * Math.abs(wanted) + 2e-16);
        });
      }),
      { numRuns: 25 },
    );
  });

  test('clip moves what lies outside to the limit and keeps gaps', async () => {
    const made = await transformed('number', [-5, 0, 3.25, 11, nan, 1e300, -1e300], {
      transform: 'clip',
      min: -1,
      max: 10,
    });

    expect(made).toEqual([-1, 0, 3.25, 10, nan, 10, -1]);
  });

  test('clip with one limit leaves the other side alone', async () => {
    expect(await transformed('number', [-5, 50, nan], { transform: 'clip', min: 0 })).toEqual([0, 50, nan]);
    expect(await transformed('number', [-5, 50, nan], { transform: 'clip', max: 0 })).toEqual([-5, 0, nan]);
  });

  test('bucket counts the edges that are reached, an edge itself included', async () => {
    const edges = [-2, 0, 0.5, 100];

    await fc.assert(
      fc.asyncProperty(numbers, async (random) => {
        const cells = [...edges, ...random];
        const made = await transformed('number', cells, { transform: 'bucket', edges });

        const expected = cells.map((x) => (Number.isNaN(x) ? nan : edges.filter((edge) => x >= edge).length));
        expect(made).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('ratio is missing where the denominator is 0 or anything is missing', async () => {
    const table = tableOf({
      a: column('number', [1, 6, 0, nan, 1, 1e308, -3]),
      b: column('number', [4, -3, 0, 2, nan, 1e-308, 0]),
    });
    const features = [{ name: 'made', transform: 'ratio', numerator: 'a', denominator: 'b' }];

    const fitted = fitStory({ table, target: alternating(7), features, sources: ['a', 'b'] });
    const matrix = await matrixOf(fitted, table);

    expect(matrix.feature('made')).toEqual([0.25, -2, nan, nan, nan, nan, nan]);
    expect(matrix.sources).toEqual([['a', 'b']]);
  });
});

describe('text transforms', () => {
  const texts = [
    '',
    'one',
    '  two  words ',
    'tab\tnew\nline',
    '😀 smile',
    'e\u0301',
    'a\u00a0b\u2003c',
    '\u3000',
    '\v\u0085x',
  ];

  test('text length counts Unicode code points', async () => {
    const made = await transformed('text', texts, { transform: 'textLength' });

    expect(made).toEqual(texts.map((text) => [...text].length));
  });

  test('word count splits by any white space', async () => {
    const made = await transformed('text', texts, { transform: 'wordCount' });

    expect(made).toEqual([0, 1, 2, 3, 2, 1, 3, 0, 1]);
  });

  test('both agree with plain TypeScript on random text', async () => {
    // U+0000 ends a string on its way into ONNX Runtime; no text people send has one.
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((each) => each.replaceAll('\0', ' '));

    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (cells) => {
        const lengths = await transformed('text', cells, { transform: 'textLength' });
        const words = await transformed('text', cells, { transform: 'wordCount' });

        expect(lengths).toEqual(cells.map((each) => [...each].length));
        const spaces = /[\t-\r\u0085\p{Z}]+/u;
        expect(words).toEqual(cells.map((each) => each.split(spaces).filter((word) => word !== '').length));
      }),
      { numRuns: 30 },
    );
  });
});
