import { describe, expect, it } from 'vitest';
import type { WindowRecord } from '../../../lib/domain/drift/index.ts';
import { type DriftReportFacts, renderDriftReport } from '../../../lib/domain/drift-report/index.ts';
import { baseline, gapOn, model, month, profile, realisedOn, windowOn } from './story.ts';

const empty: DriftReportFacts = { model, windows: [], realised: [], decisions: [] };

/** Every element is closed, in order: what a browser would otherwise mend in silence. */
const unbalanced = (page: string): string | undefined => {
  const open: string[] = [];
  const free = new Set(['meta', 'br', 'input']);
  const body = page.replace(/<!doctype html>/, '').replace(/<style>.*?<\/style>/s, '');
  for (const [, slash, name = '', closed] of body.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closed === '/' || free.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return `</${name}>`;
  }
  return open.at(-1);
};

const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const pointsDrawn = (page: string, style: string) =>
  page.match(new RegExp(`<path class="dot ${style}"[^>]*><title>`, 'g'))?.length ?? 0;

describe('drift.html', () => {
  it('is one page that asks nothing of the network and runs nothing', () => {
    const page = renderDriftReport(month());

    expect(page.match(/<title>[^<]*drift until[^<]*<\/title>/g)).toEqual([
      '<title>flight-delay: drift until 2026-05-01 00:00 UTC</title>',
    ]);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
    expect(
      page.match(/<script|<link|<img|<iframe|\son\w+=|@import|url\(|\s(src|href)=/i)?.[0],
    ).toBeUndefined();
    expect(page.match(/https?:\/\/.*/)?.[0]).toBeUndefined();
    expect(page.match(/NaN|undefined|\[object|Infinity/)?.[0]).toBeUndefined();
    expect(unbalanced(page)).toBeUndefined();
  });

  it('says first what is over its limit, and how it moved', () => {
    const text = textOf(renderDriftReport(month()));

    expect(text).toContain('Over their limits: 2 lanes');
    expect(text).toContain('&quot;distance&quot;: more above 670 (+20 points), less up to 670 (−20 points).');
    expect(text).toContain('By 11,280 labels, share of wrong answers was 23.1 %');
    expect(text).toContain('on the validation rows 16.0 %');
    expect(text).toContain('The controller&#39;s latest decision, 2026-04-28 14:24 UTC: page');
  });

  it('says so when nothing moved', () => {
    const page = renderDriftReport({ ...empty, windows: [windowOn(3)], baseline, profile });

    expect(textOf(page)).toContain('Nothing is over its limit');
    expect(unbalanced(page)).toBeUndefined();
  });

  it('has every number of its charts in words and tables', () => {
    const page = renderDriftReport(month());
    const names = [...page.matchAll(/role="img" aria-labelledby="([\w-]+) ([\w-]+)"/g)];

    expect(names.length).toBe(8);
    for (const [, title, text] of names) {
      expect(page).toMatch(new RegExp(`<title id="${title}">[^<]{5,}</title>`));
      expect(page).toMatch(new RegExp(`<desc id="${text}">[^<]{10,}</desc>`));
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table>/g)?.length);
    const text = textOf(page);
    expect(text).toContain('distance feature 1.82 ✗ 20 % 0.217 0.198 0.1 0 % 0 % 0 %');
    expect(text).toContain('2026-04-27 00:00 UTC 2 12,000 judged 1.82 ✗ 0.21 83.0 % 76.9 % 94 % unreliable');
    expect(text).toContain('up to 180: 10 % then, 4.3 % now');
  });

  it('says with every estimate what it cannot see', () => {
    expect(renderDriftReport(month())).toContain('Estimates hold while only the inputs change.');
  });

  it('draws a realised error rate beside an estimated accuracy as accuracy', () => {
    const page = renderDriftReport(month());

    expect(page).toContain('by labels until 2026-04-24 00:00 UTC: 76.9 %, of 11,280 rows');
    expect(page.match(/class="unreliable"/g)).toHaveLength(4);
  });

  it('leaves a gap with its reason where a window has no numbers, never a zero', () => {
    const windows = [
      windowOn(0),
      gapOn(1, 'carried', 310),
      gapOn(2, 'empty', 0),
      gapOn(3, 'no-baseline', 900),
      gapOn(4, 'dropped', 40),
      windowOn(5),
    ];
    const page = renderDriftReport({ ...empty, windows, baseline, profile });

    expect(page.match(/class="gap"/g)).toHaveLength(8);
    for (const reason of [
      '310 of the 500 rows it needs: carried into the next window',
      'nothing was asked',
      'version 1 has no baseline that can be read',
      '40 of the 500 rows it needs, for as long as anybody waits: given up',
    ])
      expect(page).toContain(reason);
    // Two judged windows: two marks a column, and no line from one to the other.
    expect(pointsDrawn(page, 's0')).toBe(4);
    expect(page).not.toMatch(/<polyline class="line s0"/);
    expect(textOf(page)).toContain(
      'carried: 310 of the 500 rows it needs: carried into the next window – – –',
    );
  });

  it('calls a newest window without numbers unknown, not well', () => {
    const page = renderDriftReport({ ...empty, windows: [windowOn(0), gapOn(1, 'no-baseline', 900)] });

    expect(page).toContain('<section class="verdict unknown"><h1>This window could not be compared</h1>');
    expect(textOf(page)).toContain('Version 1 has no baseline that can be read.');
    expect(textOf(page)).toContain('? unknown Drift of features and answers – the window was not judged');
  });

  it('shows how the columns of the latest judged window moved, and says of which, when a later one has no numbers', () => {
    const windows = [windowOn(28), gapOn(29, 'carried', 310)];
    const text = textOf(renderDriftReport({ ...empty, windows, baseline, profile }));

    expect(text).toContain('This window could not be compared');
    expect(text).toContain('In the window until 2026-04-30 00:00 UTC, &quot;distance&quot;: more above 670');
    expect(text).toContain('full: now, in the window until 2026-04-30 00:00 UTC.');
    expect(text).toContain('Of the window until 2026-04-30 00:00 UTC, largest score first.');
  });

  it('keeps the promise of each lane and the state of its alarm', () => {
    const text = textOf(renderDriftReport(month()));

    expect(text).toContain('rings since 2026-04-25 00:00 UTC no false page in 2,000 simulated windows');
    expect(text).toContain('one false page in 14 months, scores divided by 1.25 for it');
  });

  it('tells what could not be read and what came unasked', () => {
    const odd = windowOn(3, {
      appeared: ['gate'],
      vanished: ['carrier'],
      skewedRows: 12,
      skippedFiles: ['captured/a.gz'],
      skippedFileCount: 1,
      skippedLines: 4,
      repeatedRows: 2,
    });
    const text = textOf(renderDriftReport({ ...empty, windows: [odd] }));

    for (const part of [
      'Columns the model does not know: &quot;gate&quot;.',
      'Columns that came in no row: &quot;carrier&quot;.',
      '1 captured file(s) could not be read: &quot;captured/a.gz&quot;.',
      '4 captured line(s) could not be read.',
      '12 row(s) carry a time that cannot be right',
      '2 prediction(s) were delivered more than once',
    ])
      expect(text).toContain(part);
  });

  it('compares with the rows of the weekday where the window was', () => {
    const monday = {
      weekday: 4,
      rows: 1,
      columns: baseline.columns.map(({ counts }, at) =>
        at === 0 ? { ...counts, counts: [600, 0, 0, 0, 0, 0, 0, 0, 0, 400, 0] } : counts,
      ),
    };
    const page = renderDriftReport({
      ...empty,
      windows: [windowOn(29, { weekday: 4 })],
      baseline: { ...baseline, weekdays: [monday] },
      profile,
    });

    expect(textOf(page)).toContain('up to 180: 60 % then, 4.3 % now');
    expect(page).toContain('on the validation rows of the same weekday');
  });

  it('draws no distributions in bins that are not the baseline’s', () => {
    const other = { rows: 3, columns: profile.columns.map(() => ({ counts: [1, 2], outside: 0, wrong: 0 })) };
    const page = renderDriftReport({ ...month(), profile: other });

    expect(page).not.toContain('<h2>Then and now</h2>');
    expect(page).toContain('&quot;distance&quot;: 20 % of the traffic moved.');
  });

  it('says why distributions are missing when the counts or the baseline are', () => {
    expect(renderDriftReport({ ...month(), profile: undefined })).toContain(
      'The counts of this window were not kept',
    );
    expect(renderDriftReport({ ...month(), baseline: undefined })).toContain('The baseline cannot be read');
  });

  it('has a page for a model nobody has watched yet', () => {
    const page = renderDriftReport(empty);

    expect(textOf(page)).toContain('No window yet');
    expect(unbalanced(page)).toBeUndefined();
  });

  it('draws labels before any window has a baseline, and estimates of a regression in their unit', () => {
    const labels = realisedOn(1, { measure: 'mean absolute error', value: 12.345, reference: 11 });
    const page = renderDriftReport({
      ...empty,
      windows: [
        windowOn(0, {
          estimated: { measure: 'mean absolute error', value: 11.2, reference: 11, referenceSd: 0.1 },
        }),
        windowOn(1, { estimated: { unknown: 'no map' } }),
      ],
      realised: [labels],
    });

    expect(page).toContain('by labels until 2026-04-03 00:00 UTC: 12.35, of 11,280 rows');
    expect(textOf(page)).toContain('Estimated quality');
  });
});

describe('names from outside', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    '</title></svg></style><b>',
    'a\u0000b\u001b[2J\u202egnp.exe',
    '&amp;lt;',
    'x'.repeat(20_000),
  ];

  it.each(hostile)('are shown and not obeyed: %s', (name) => {
    const columns = windowOn(29).columns.map((column, at) => (at === 0 ? { ...column, name } : column));
    const named = baseline.columns.map((column) =>
      column.name === 'distance'
        ? { ...column, name }
        : {
            ...column,
            bins:
              column.bins.kind === 'category'
                ? { ...column.bins, values: column.bins.values.map((_, at) => `${name}${at}`) }
                : column.bins,
          },
    );
    const page = renderDriftReport({
      ...month(),
      model: name,
      windows: [
        windowOn(28),
        windowOn(29, { columns, appeared: [name], lanes: [{ lane: 'drift', score: 2, because: name }] }),
      ],
      decisions: month().decisions.map((one) => ({ ...one, because: [name], runId: name })),
      baseline: { ...baseline, columns: named },
    });

    expect(unbalanced(page)).toBeUndefined();
    expect(page.match(/<script|<img|<b>[^<]*<\/b><\/main|\son\w+=["'x]/i)?.[0]).toBeUndefined();
    expect(page.match(/<title>/g)?.length).toBeGreaterThan(10);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(page.match(/[\u0000-\u0009\u000b-\u001f\u202e]/)?.[0]).toBeUndefined();
    expect(page.length).toBeLessThan(500_000);
  });
});

describe('the size of the page', () => {
  it('stays under 500 kB with 50 columns of long names in 30 windows, and all there is to tell', () => {
    const many = (window: WindowRecord): WindowRecord => ({
      ...window,
      columns: Array.from({ length: 50 }, (_, at) => ({
        ...(window.columns[at % window.columns.length] as WindowRecord['columns'][number]),
        name: `a column with a rather long name that somebody gave it ${at}`,
        score: 3 - at / 50,
      })),
    });
    const facts = month();
    const columns = Array.from({ length: 50 }, (_, at) => ({
      ...(baseline.columns[3] as (typeof baseline.columns)[number]),
      name: `a column with a rather long name that somebody gave it ${at}`,
    }));
    const decisions = Array.from({ length: 400 }, (_, at) => ({
      ...(facts.decisions[at % 5] as (typeof facts.decisions)[number]),
      because: ['a reason as long as reasons are, which is about so long, and not much longer than that'],
    }));
    const page = renderDriftReport({
      ...facts,
      windows: facts.windows.map(many),
      decisions,
      baseline: { ...baseline, columns },
    });

    expect(page.length).toBeLessThan(500_000);
    expect(page).toContain('somebody gave it 49');
  });
});
