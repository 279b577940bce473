import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evaluation, evaluate } from '../../../lib/domain/evaluation/index.ts';
import { renderReport } from '../../../lib/domain/report/index.ts';
import { conflict } from '../gates/challenger-story.ts';
import { demoEvaluations, facts, flightDelay } from './demo.ts';

const { flights, penguins, prices } = await demoEvaluations();

describe('the page', () => {
  test('opens with the verdict in plain words, then the gates and their reasons', async () => {
    const passed = await renderReport(flights, facts);
    const failed = await renderReport(penguins, facts);
    const held = await renderReport(prices, facts);

    expect(passed).toContain('<h1>Passed all 4 gates</h1>');
    expect(failed).toContain('<h1>Failed 1 of 2 gates</h1>');
    expect(failed).toContain('accuracy is 0.9231, at least 0.95 is asked');
    expect(held).toContain('<h1>1 of 3 gates could not be judged</h1>');
    expect(held).toContain('its model file could not be read');
  });

  test('says first where the gates lead, and shows every row of G0 to G3 with its numbers', async () => {
    const page = await renderReport({ ...flights, challenger: conflict() }, facts);

    expect(page).toContain('<section class="verdict unknown"><h1>A conflict, for a person to decide</h1>');
    expect(page).toContain('Against version 2, serving now: A conflict, for a person to decide');
    expect(page).toContain('✗ fail</span></td><th scope="row">G1 the golden set: all rows</th>');
    expect(page).toContain('… too few rows</span></td><th scope="row">G1 the golden set: origin = JFK</th>');
    expect(page).toContain('rows 1200, champion only 40, challenger only 130, gain 0.075');
    expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table>/g)?.length);
    expect(page.match(/G[0-3] [a-z ]+: /g)).toHaveLength(conflict().rows.length);
  });

  test('a version that is not better is told so, whatever absolute limits it keeps', async () => {
    const challenger = { ...conflict(), path: 'keep-champion' as const };
    const page = await renderReport({ ...flights, challenger }, facts);

    expect(page).toContain('<section class="verdict failed"><h1>The version that serves stays</h1>');
  });

  test('asks nothing of the network and runs nothing', async () => {
    for (const evaluation of [flights, penguins, prices]) {
      const page = await renderReport(evaluation, facts);

      expect(page).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'`);
      expect(page.match(/<script|<link|<img|<iframe|\son\w+=|@import|url\(|\ssrc=/i)?.[0]).toBeUndefined();
      // XML namespaces are names, not requests.
      expect(page.replaceAll('http://www.w3.org/', '').match(/https?:\/\/.*/)?.[0]).toBeUndefined();
    }
  });

  test.each([
    ['flights', flights, 6],
    ['penguins', penguins, 3],
    ['prices', prices, 3],
  ] as const)(
    'draws the pictures that fit the task, each with a name for those who cannot see: %s',
    async (_, evaluation, pictures) => {
      const page = await renderReport(evaluation, facts);

      expect(page.match(/<figure>/g)).toHaveLength(pictures);
      expect(page.match(/<svg [^>]*viewBox="[^"]+" role="img" aria-label="[^"]{20,}"><title>/g)).toHaveLength(
        pictures,
      );
      expect(page.match(/NaN|undefined|\[object|Infinity/)?.[0]).toBeUndefined();
    },
  );

  test('every table has a caption, and the status is told in words', async () => {
    const page = await renderReport(flights, facts);

    expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table>/g)?.length);
    expect(page).toContain('✓ pass');
  });

  test('puts the version beside the champion and the baseline', async () => {
    const page = await renderReport(flights, facts);

    expect(page).toContain('Version 2</th>');
    expect(page).toContain('▲ better');
  });

  test('tells where the rows went, which columns are used and why, and the lineage', async () => {
    const page = await renderReport(flights, facts);

    expect(page).toContain('214 (0.8 %)');
    expect(page).toContain('Columns: 3 used, 2 not');
    expect(page).toContain('114,870 of 115,000 values differ');
    expect(page).toContain(facts.lineage?.model);
  });

  test('is the same for the same input', async () => {
    expect(await renderReport(penguins, facts)).toBe(await renderReport(penguins, facts));
  });

  test('takes less than a second and a half', async () => {
    const started = performance.now();
    await renderReport(flights, facts);

    expect(performance.now() - started).toBeLessThan(1500);
  });

  test('an evaluation with nothing to draw still makes a page', async () => {
    const input = await flightDelay(40);
    const truth = { kind: 'classes', classes: ['on time', 'late'], indices: new Int32Array(40) } as const;
    const { importance: _, ...bare } = { ...input, truth };

    const page = await renderReport(await evaluate(bare), { model: 'm', target: 't' });

    expect(page).toContain('unknown: the test rows hold no positive row');
    expect(page).toContain('</html>');
  });
});

/** Everything a stranger can name, named with the same text. */
const namedBy = (text: string): [Evaluation, typeof facts] => [
  {
    ...flights,
    positiveClass: text,
    unknown: { precision: text },
    metrics: { ...flights.metrics, precision: null },
    perClass: flights.perClass.map((entry) => ({ ...entry, class: text })),
    confusion: {
      classes: [text, `${text} 2`],
      counts: [
        [1, 2],
        [3, 4],
      ],
    },
    importance: { metric: 'auc', rows: 1, repeats: 1, columns: [{ column: text, mean: 1, sd: 0 }] },
    slices: [
      { column: text, values: [{ kind: 'value', value: text, rows: 1, metrics: null, because: text }] },
      { column: text, values: [], because: text },
    ],
    gates: flights.gates.map((gate) => ({ ...gate, title: text, because: text })),
    champion: { version: 2, metrics: null, because: text },
    baseline: { ...flights.baseline, name: text },
  },
  {
    model: text,
    description: text,
    target: text,
    createdAt: text,
    columns: [{ name: text, kind: 'text', role: 'feature', because: text }],
    quarantine: [{ reason: text, rows: 1 }],
    training: { metric: text, points: [1, 2].map((round) => ({ round, train: 1, validation: 1 })) },
    lineage: { [text]: text },
  },
];

test('no text of the user becomes markup', async () => {
  const parts = fc.constantFrom(
    '<script>',
    '</title>',
    '"',
    "'",
    '<img src=x onerror=alert(1)>',
    '&',
    '<!--',
    ']]>',
    'a',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 6 }), async (pieces) => {
      const page = await renderReport(...namedBy(pieces.join('')));

      expect(page.match(/<script|<img|<!--|\sonerror=alert\(1\)">/i)?.[0]).toBeUndefined();
      expect(page.match(/<title>/g)?.length).toBe(page.match(/<\/title>/g)?.length);
      // Outside quoted attributes every tag is one of ours.
      const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag));
      expect(tags.has('script') || tags.has('img')).toBe(false);
    }),
    { numRuns: 15 },
  );
});
