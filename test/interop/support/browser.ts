import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium as launcher, type Page } from 'playwright-core';
import { chromium } from './parties.ts';

const screens = path.resolve(import.meta.dirname, '../../../.interop/screens');

/** A headless browser with a profile of its own that calls nobody by itself. */
export const openBrowser = (): Promise<Browser> => {
  if (chromium === undefined) throw new Error('Chromium is not prepared: run `npm run test:interop`');
  return launcher.launch({
    executablePath: chromium,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};

export interface Watched {
  readonly context: BrowserContext;
  /** What pages complained about: errors on the console, scripts that threw. */
  readonly complaints: readonly string[];
  /** Everything that was asked for. */
  readonly urls: readonly string[];
}

/** A window of a size, of which everything said and asked for is written down. */
export const watchedContext = async (
  browser: Browser,
  viewport: { readonly width: number; readonly height: number },
): Promise<Watched> => {
  const context = await browser.newContext({ viewport, deviceScaleFactor: 2 });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const urls: string[] = [];
  context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('request', (request) => urls.push(request.url()));
  return { context, complaints, urls };
};

/** By how many pixels a page is wider than its window. */
export const overflow = async (page: Page): Promise<number> =>
  Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));

/** Keeps a picture for people to look at. */
export const photograph = async (page: Page, name: string): Promise<void> => {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: path.join(screens, `${name}.png`), fullPage: true });
};
