import { type Html, html, renderHtml, trustedHtml } from './html.ts';
import { styles, stylesHash } from './styles.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Reload after so many seconds: only pages without a form, while something is under way. */
  readonly refreshSeconds?: number;
  readonly status?: number;
  /** There is no other page to go to. @default false */
  readonly isAlone?: boolean;
}

/** No script at all, one known style sheet, frames and forms only from and to here, never inside a foreign page. */
const pagePolicy = [
  "default-src 'none'",
  `style-src ${stylesHash}`,
  "img-src 'self' data:",
  "frame-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** A report is a file a training run made: it may draw itself, and nothing else. It may stand in our own frame. */
export const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-popups";

const common = {
  'content-type': 'text/html; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
  // Not no-referrer: that makes browsers send "Origin: null" with our own form, and the signed link in the address
  // goes to nobody else with same-origin either.
  'referrer-policy': 'same-origin',
};

/** A mill wheel, drawn in the page itself so that no browser asks for a file. */
const icon = trustedHtml(
  `<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='5.5' fill='none' stroke='%232b5f8a' stroke-width='3' stroke-dasharray='2.9 1.42'/%3E%3C/svg%3E">`,
);

const styleElement = trustedHtml(`<style>${styles}</style>`);

const template = (page: Page): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${page.refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${page.refreshSeconds}">`}
<title>${page.title} · Millrace</title>
${icon}
${styleElement}
</head>
<body>
<header class="top"><div>${page.isAlone ? html`<span class="home">Millrace</span>` : html`<a class="home" href="/">Millrace</a>`}<span class="crumb">${page.title}</span></div></header>
<main>
${page.body}
</main>
</body>
</html>
`;

/** A whole page as a response. */
export const pageResponse = (page: Page): Response =>
  new Response(renderHtml(template(page)), {
    status: page.status ?? 200,
    headers: { ...common, 'content-security-policy': pagePolicy },
  });

/** A stored report as a response, confined by its own policy. */
export const reportResponse = (report: Uint8Array<ArrayBuffer>): Response =>
  new Response(report, { headers: { ...common, 'content-security-policy': reportPolicy } });
