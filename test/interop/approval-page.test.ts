/** A person decides in a real browser: the laptop brings the penguins up to their approval, Chromium does the rest. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StartedLaptop, startLaptop } from '../../lib/laptop/start-laptop.ts';
import { temporaryFolder } from '../support/index.ts';
import { openBrowser, overflow, photograph, type Watched, watchedContext } from './support/browser.ts';
import { foreignSite } from './support/foreign-site.ts';
import { chromium } from './support/parties.ts';

const penguin = {
  Island: 'Biscoe',
  'Beak Length (mm)': 46.1,
  'Beak Depth (mm)': 13.2,
  'Flipper Length (mm)': 211,
  'Body Mass (g)': 4500,
  Sex: 'FEMALE',
};

const pendingApproval = ({ laptop }: StartedLaptop) =>
  vi.waitFor(
    async () => {
      const [approval] = await laptop.registry.listPendingApprovals();
      if (approval === undefined) throw new Error('nothing waits for a decision yet');
      return approval;
    },
    { timeout: 60_000, interval: 100 },
  );

/** Three of four penguins, each a little heavier: new rows of the same world. */
const heavier = (json: string): string => {
  const rows: Record<string, unknown>[] = JSON.parse(json);
  const kept = rows.filter((_, at) => at % 4 !== 3);
  return JSON.stringify(kept.map((row) => ({ ...row, 'Body Mass (g)': Number(row['Body Mass (g)']) + 5 })));
};

const decide = async (page: Page, answer: { by: string; reason: string; button: 'Approve' | 'Reject' }) => {
  await page.getByLabel('Your name').fill(answer.by);
  await page.getByLabel('Why').fill(answer.reason);
  await page.getByRole('button', { name: answer.button, exact: true }).click();
};

// The tests of this story build on each other: evidence first, then the decision, then what follows from it.
describe.skipIf(chromium === undefined)('the approval page in Chromium', () => {
  const home = temporaryFolder();
  let started: StartedLaptop;
  let browser: Browser;
  let desk: Watched;
  let phone: Watched;
  let link: string;
  let page: Page;

  const statusOf = async () => {
    const [approval] = await started.laptop.registry.listPendingApprovals();
    return approval?.status ?? 'decided';
  };

  beforeAll(async () => {
    const screen = { write: () => true };
    started = await startLaptop({
      home: home.path,
      host: '127.0.0.1',
      port: 0,
      yes: false,
      example: 'penguins',
      screen,
    });
    browser = await openBrowser();
    desk = await watchedContext(browser, { width: 1280, height: 900 });
    phone = await watchedContext(browser, { width: 390, height: 844 });
    await pendingApproval(started);
    page = await desk.context.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await started?.stop();
    home.remove();
  });

  it('leads from the home page to the evidence, and looking decides nothing', async () => {
    const approval = await pendingApproval(started);
    await page.goto(started.url);
    await page.getByRole('link', { name: /^Review penguins version 1/ }).click();
    link = page.url();

    expect(link).toBe(started.laptop.approvalUrl(approval));
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(
      'Should version 1 of penguins serve?',
    );
    expect(await page.getByRole('heading', { name: 'Every gate passed' }).isVisible()).toBe(true);
    expect(await page.getByRole('row', { name: /baseline/i }).count()).toBeGreaterThan(0);
    await page.reload();
    await page.request.get(link);
    await page.request.head(link);
    expect(await statusOf()).toBe('pending');
    await photograph(page, 'approval-desk');
  });

  it('shows the report with its pictures, in the page and on its own', async () => {
    await page.getByText('Read it here').click();
    const framed = page.frameLocator('iframe');
    await framed.locator('svg').first().waitFor();
    const [own] = await Promise.all([
      desk.context.waitForEvent('page'),
      page.getByRole('link', { name: 'Open the whole report' }).click(),
    ]);
    await own.locator('svg').first().waitFor();

    const drawings = await own.locator('svg').all();
    expect(drawings.length).toBeGreaterThan(1);
    for (const drawing of drawings) {
      const box = await drawing.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(20);
    }
    await photograph(own, 'report-desk');
    await own.close();
  });

  it('fits a phone: no page scrolls sideways', async () => {
    const small = await phone.context.newPage();
    const addresses = {
      home: started.url,
      approval: link,
      model: `${started.url}/models/penguins`,
      report: `${started.url}/models/penguins/versions/1/report`,
    };

    for (const [name, address] of Object.entries(addresses)) {
      await small.goto(address);
      expect(await overflow(small), `${name} page`).toBeLessThanOrEqual(0);
      await photograph(small, `${name}-phone`);
    }
  });

  it('cannot be framed or answered from a page of somebody else', async () => {
    const stranger = await foreignSite(link);
    const { context } = await watchedContext(browser, { width: 800, height: 600 });
    const bait = await context.newPage();

    await bait.goto(stranger.url);
    expect(await bait.frameLocator('iframe').getByRole('button', { name: 'Approve' }).count()).toBe(0);
    const [answer] = await Promise.all([
      bait.waitForResponse((response) => response.request().method() === 'POST'),
      bait.getByRole('button', { name: 'You have won' }).click(),
    ]);

    expect(answer.status()).toBe(403);
    expect(await statusOf()).toBe('pending');
    await context.close();
    await stranger.close();
  });

  it('asks for a name and a reason before it takes a decision', async () => {
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await decide(page, { by: '   ', reason: 'looks good', button: 'Approve' });

    expect(await page.getByRole('alert').textContent()).toMatch(/the name is empty/);
    expect(await page.getByLabel('Why').inputValue()).toBe('looks good');
    expect(await statusOf()).toBe('pending');
  });

  it('takes a decision once, tells the second person who was first, and the version serves', async () => {
    const second = await phone.context.newPage();
    await second.goto(link);
    await decide(page, { by: 'Ada Lovelace', reason: 'AUC & confusion <convince> me', button: 'Approve' });
    await page.getByText('Approved by Ada Lovelace').waitFor();

    await decide(second, { by: 'Charles Babbage', reason: 'too few penguins', button: 'Reject' });
    await second.getByText('Your decision was not taken').waitFor();

    expect(await second.getByText('Approved by Ada Lovelace').isVisible()).toBe(true);
    expect(await page.getByText('AUC & confusion <convince> me').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
    await photograph(page, 'approved-desk');
    await photograph(second, 'second-decision-phone');
    await vi.waitFor(
      async () => expect((await started.laptop.registry.getRoute('penguins')).champion).toBe(1),
      { timeout: 20_000, interval: 100 },
    );
    const answer = await page.request.post(`${started.url}/models/penguins/predict`, { data: penguin });
    expect(answer.status()).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain('Gentoo');
    await page.goto(started.url);
    expect(await page.getByText('Version 1 serves').isVisible()).toBe(true);
  });

  it('shows how a second version did gate by gate, on a desk and on a phone', async () => {
    const { objects } = started.laptop;
    const first = new TextDecoder().decode(await objects.get('incoming/penguins/penguins.json'));
    await objects.putIfAbsent('incoming/penguins/second.json', heavier(first));
    await objects.putIfAbsent('incoming/penguins/second._SUCCESS', '');
    const approval = await pendingApproval(started);
    const address = started.laptop.approvalUrl(approval) ?? '';
    const small = await phone.context.newPage();

    await page.goto(address);
    await small.goto(address);

    for (const shown of [page, small]) {
      await shown.getByRole('heading', { name: 'Against version 1: Not all could be judged' }).waitFor();
      for (const gate of ['G0', 'G1', 'G2', 'G3'])
        expect(await shown.getByRole('cell', { name: gate }).first().isVisible()).toBe(true);
      expect(await shown.getByText('there is no golden set').first().isVisible()).toBe(true);
    }
    expect(await overflow(small)).toBeLessThanOrEqual(0);
    await photograph(page, 'challenger-desk');
    await photograph(small, 'challenger-phone');
    await small.goto(`${started.url}/models/penguins/versions/2/report`);
    await small.getByRole('heading', { name: /^Against version 1, serving now/ }).waitFor();
    expect(await overflow(small)).toBeLessThanOrEqual(0);
    await photograph(small, 'challenger-report-phone');
  });

  it('went through all this without an error on the console or a word to another host', () => {
    // A browser itself notes answers of 400 and 409 on the console: those two were ours, and asked for.
    const expected = /Failed to load resource: the server responded with a status of 4(00|09)/;
    const complaints = [...desk.complaints, ...phone.complaints].filter((text) => !expected.test(text));
    const urls = [...desk.urls, ...phone.urls];

    expect(complaints).toEqual([]);
    expect(urls.length).toBeGreaterThan(5);
    expect(urls.filter((url) => new URL(url).origin !== started.url)).toEqual([]);
  });
});
