import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAgo, formatDuration, formatNumber } from '../../../lib/console/format.ts';
import { isBetter, keyMetrics } from '../../../lib/domain/evaluation/index.ts';
import { conflict } from '../gates/challenger-story.ts';
import { desk, evaluation, html, now } from './desk.ts';

const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? '';

describe('the pages', () => {
  it('put the open decision first, behind a signed link', async () => {
    const { app, path } = desk();

    const page = await (await app.request('/')).text();

    expect(page).toContain('One decision waits for you');
    expect(page).toContain(path.replaceAll('&', '&amp;'));
  });

  it('reload by themselves while a run works, not while it waits for a person', async () => {
    const working = desk({ approval: { status: 'approved' } });
    const waiting = desk();

    expect(await (await working.app.request('/')).text()).toContain('http-equiv="refresh"');
    expect(await (await waiting.app.request('/')).text()).not.toContain('http-equiv="refresh"');
  });

  it.each(['/', '/runs/run-7'])('run no script and take no style but their own: %s', async (path) => {
    const { app } = desk();

    const response = await app.request(path);

    expect(policyOf(response)).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+';/);
    expect(policyOf(response)).toContain("frame-ancestors 'none'");
    expect(await response.text()).not.toMatch(/<script|style="|onclick/);
  });

  it.each(['approval', 'run'])('show gate by gate how a challenger did: the page of the %s', async (page) => {
    const { app, path } = desk({
      metrics: JSON.stringify({ ...evaluation, challenger: conflict() }),
      run: { challengerPath: 'conflict', modelVersion: 2 },
    });

    const text = await (await app.request(page === 'run' ? '/runs/run-7' : path, { headers: html })).text();

    expect(text).toContain('Against version 1: A conflict, for a person to decide');
    expect(text).toContain('look at them before you approve');
    expect(text).toContain('<strong>G1</strong> the golden set: all rows');
    expect(text).toContain('too few rows');
    expect(text).toContain('rows 1200, champion only 40, challenger only 130, gain 0.075');
    const passed = text.indexOf(' passed</summary>');
    expect(text.indexOf('fail</span>')).toBeLessThan(text.indexOf('too few rows</span>'));
    expect(text.indexOf('too few rows</span>')).toBeLessThan(passed);
    expect(text.lastIndexOf('pass</span>')).toBeGreaterThan(passed);
  });

  it('show a report confined: it can neither run scripts nor send forms nor stand in a foreign frame', async () => {
    const { app } = desk({ report: '<script>alert(1)</script>' });

    const response = await app.request('/models/flight-delay/versions/2/report');

    expect(policyOf(response)).toContain('sandbox');
    expect(policyOf(response)).toContain("default-src 'none'");
    expect(policyOf(response)).toContain("frame-ancestors 'self'");
    expect(policyOf(response)).not.toContain('allow-scripts');
  });

  it('never let text from data or people become markup', async () => {
    const marker = fc.constantFrom(
      '<img src=x onerror=alert(1)>',
      '"><script>alert(1)</script>',
      "' autofocus onfocus=alert(1) '",
      '</title><b>',
    );
    await fc.assert(
      fc.asyncProperty(marker, fc.string(), async (bait, noise) => {
        const text = `${bait}${noise}`;
        const { app, path } = desk({
          description: text,
          run: { outcome: text, trigger: { kind: 'manual', by: text, why: text } },
          approval: { summary: text, status: 'approved', decidedBy: text, reason: text },
        });

        const pages = await Promise.all(
          ['/', '/runs/run-7', path].map(async (one) => (await app.request(one, { headers: html })).text()),
        );

        for (const page of pages) expect(page).not.toMatch(/<img|<script|<b>|onfocus=alert\(1\) '/);
      }),
      { numRuns: 40 },
    );
  });

  it('show a model to people and describe it to programs under one address', async () => {
    const { laptop } = desk();

    const page = await laptop().request('http://localhost/models/flight-delay', { headers: html });
    const data = await laptop().request('http://localhost/models/unheard-of');

    expect(await page.text()).toContain('<h2>Versions</h2>');
    expect([data.status, await data.json()]).toMatchObject([404, { error: { code: 'MODEL_UNKNOWN' } }]);
  });

  it('tell people in a page, and programs in JSON, what is not there', async () => {
    const { laptop } = desk();

    const page = await laptop().request('http://localhost/nowhere', { headers: html });
    const data = await laptop().request('http://localhost/nowhere');

    expect([page.status, data.status]).toEqual([404, 404]);
    expect(await page.text()).toContain('<h1>Not found</h1>');
    expect(await data.json()).toMatchObject({ error: { code: 'ADDRESS_UNKNOWN' } });
  });

  it('tell nothing of a fault of ours but a reference', async () => {
    const { app, logged } = desk({ approval: { evidence: { metrics: 'lost' } } });

    const response = await app.request(desk({ approval: { evidence: { metrics: 'lost' } } }).path, {
      headers: html,
    });

    expect(response.status).toBe(500);
    expect(await response.text()).toContain('reference-1');
    expect(logged).toHaveLength(1);
  });
});

describe('the words of the pages', () => {
  it.each([
    [0, '0 ms'],
    [950, '950 ms'],
    [12_340, '12.3 s'],
    [245_000, '4 min 05 s'],
    [12_000_000, '3 h 20 min'],
  ])('%i milliseconds are %s', (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words);
  });

  it.each([
    [0, 'just now'],
    [-30_000, '30 s ago'],
    [-240_000, '4 min ago'],
    [3 * 3_600_000, 'in 3 h'],
    [-72 * 3_600_000, '3 days ago'],
  ])('%i milliseconds from now is %s', (distance, words) => {
    expect(formatAgo(new Date(now + distance).toISOString(), now)).toBe(words);
  });

  it.each([
    [115_203, '115,203'],
    [0.713_42, '0.7134'],
    [12_345.67, '12,345.7'],
    [0.000_012_34, '1.234e-5'],
    [0, '0'],
  ])('%d is written %s', (value, words) => {
    expect(formatNumber(value)).toBe(words);
  });

  it('judge each metric by its own direction, and none that does not judge', () => {
    expect([
      isBetter('auc', 0.8, 0.7),
      isBetter('logLoss', 0.8, 0.7),
      isBetter('auc', 0.7, 0.7),
      isBetter('positiveShare', 1, 0),
    ]).toEqual([true, false, undefined, undefined]);
    expect(keyMetrics({ brier: 0.1, auc: 0.7, f1: null, odd: 3 })).toEqual(['auc', 'brier']);
  });
});
