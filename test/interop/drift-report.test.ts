/** Somebody is told that something moved, and looks: the console and drift.html in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDriftReport } from '../../lib/domain/drift-report/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { desk } from '../unit/console/desk.ts';
import { month } from '../unit/drift-report/story.ts';
import { openBrowser, overflow, photograph, type Watched, watchedContext } from './support/browser.ts';
import { chromium } from './support/parties.ts';

const host = 'https://millrace.test';

describe.skipIf(chromium === undefined)('drift.html in Chromium', () => {
  const facts = month();
  const windows = facts.windows.toReversed();
  const key = objectKeys.window('flight-delay', windows[0]?.windowEnd ?? '', 'drift.html');
  const { app } = desk({
    windows,
    realised: facts.realised.toReversed(),
    decided: facts.decisions.toReversed(),
    driftPages: { [key]: renderDriftReport(facts) },
  });
  let browser: Browser;
  let screen: Watched;
  let phone: Watched;

  /** The console answers by itself, without a network: with the headers that confine the page. */
  const opened = async (size: { width: number; height: number }): Promise<Watched> => {
    const watched = await watchedContext(browser, size);
    await watched.context.route(`${host}/**`, async (route) => {
      const answer = await app.request(route.request().url(), { headers: route.request().headers() });
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      });
    });
    return watched;
  };

  const open = async ({ context }: Watched, path: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${host}${path}`);
    return page;
  };

  beforeAll(async () => {
    browser = await openBrowser();
    screen = await opened({ width: 1280, height: 900 });
    phone = await opened({ width: 400, height: 860 });
  });

  afterAll(() => browser?.close());

  it('is one step from the page of the model, and says first what is wrong', async () => {
    const page = await open(screen, '/models/flight-delay');
    await photograph(page, 'model-with-monitor-desk');

    const [report] = await Promise.all([
      screen.context.waitForEvent('page'),
      page.getByRole('link', { name: /^Drift report/ }).click(),
    ]);
    await report.getByRole('heading', { level: 1 }).waitFor();

    expect(await report.getByRole('heading', { level: 1 }).textContent()).toBe('Over their limits: 2 lanes');
    expect(await report.getByText('"distance": more above 670 (+20 points)').first().isVisible()).toBe(true);
    await photograph(report, 'drift-desk');
  });

  it('draws every chart, named for those who cannot see it', async () => {
    const page = await open(screen, '/models/flight-delay/drift');
    const charts = await page.locator('svg[role=img]').all();

    expect(charts).toHaveLength(8);
    for (const chart of charts) {
      const box = await chart.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(50);
    }
    for (const name of [
      /^Score by column/,
      /^Estimated and realised/,
      /^Share of predictions/,
      /^Decisions of/,
    ])
      expect(await page.getByRole('img', { name }).count()).toBe(1);
  });

  it('has all charts over time on one axis', async () => {
    const page = await open(phone, '/models/flight-delay/drift');
    const takeovers = await page.locator('.over-time line.promotion').all();
    const places = await Promise.all(
      takeovers.map(async (line) => Math.round((await line.boundingBox())?.x ?? 0)),
    );

    expect(places).toHaveLength(5);
    expect(new Set(places).size).toBe(1);
  });

  it('fits a phone, in light and in dark, with its tables open', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(phone, '/models/flight-delay/drift');
      await page.emulateMedia({ colorScheme });
      for (const summary of await page.locator('summary').all()) await summary.click();

      expect(await overflow(page), colorScheme).toBeLessThanOrEqual(0);
      await photograph(page, `drift-phone-${colorScheme}`);
    }
    const page = await open(phone, '/models/flight-delay');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('keeps every mark and word of a chart inside its frame', async () => {
    for (const [name, watched] of Object.entries({ screen, phone })) {
      const page = await open(watched, '/models/flight-delay/drift');
      const outside = await page.evaluate(`[...document.querySelectorAll('figure')].flatMap((figure) => {
        const frame = figure.getBoundingClientRect();
        return [...figure.querySelectorAll('text, path, rect, polyline')].filter((mark) => {
          const box = mark.getBoundingClientRect();
          return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
        }).map((mark) => mark.textContent || mark.tagName);
      })`);
      expect(outside, name).toEqual([]);
    }
  });

  it('went through all this without an error on the console or a word to another host', () => {
    const urls = [...screen.urls, ...phone.urls].filter((url) => !url.startsWith('data:'));

    expect([...screen.complaints, ...phone.complaints]).toEqual([]);
    expect(urls.length).toBeGreaterThan(5);
    expect(urls.filter((url) => new URL(url).origin !== host)).toEqual([]);
  });
});
