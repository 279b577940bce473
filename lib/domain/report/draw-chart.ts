import type { TopLevelSpec } from 'vega-lite';
import { escapeHtml, type Html, html, trusted } from './html.ts';
import { textWidth } from './text-width.ts';

export interface Chart {
  readonly title: string;
  /** How to read it, in a sentence. */
  readonly reading: string;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly spec: TopLevelSpec;
}

/** Width of the plot within its axes; with them about 360, a phone's, so that text keeps its size there. */
export const plotWidth = 285;

const font = 'system-ui, -apple-system, Segoe UI, Roboto, sans-serif';

const theme: TopLevelSpec['config'] = {
  aria: false,
  background: 'transparent',
  font,
  padding: 4,
  view: { stroke: null },
  axis: {
    grid: true,
    gridColor: 'var(--line)',
    domain: false,
    ticks: false,
    labelColor: 'var(--muted)',
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal',
    labelFontSize: 11,
    titleFontSize: 11.5,
    labelPadding: 6,
    titlePadding: 8,
  },
  text: { fontSize: 12, color: 'var(--ink)' },
  legend: { disable: true },
};

/** The root of Vega's SVG with our label on it and no fixed size: it fills its column and keeps its shape. */
const framed = (svg: string, label: string): Html => {
  const viewBox = /viewBox="([\d. -]+)"/.exec(svg)?.[1] ?? '0 0 360 240';
  const content = svg.slice(svg.indexOf('>') + 1);
  const name = escapeHtml(label);
  return trusted(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" role="img" aria-label="${name}"><title>${name}</title>${content}`,
  );
};

/**
 * Loads Vega (200 ms, only when a report is drawn) and gives a function that draws a chart as an inline SVG figure.
 * Vega escapes the text it draws; user text reaches it as data, never as part of an expression.
 */
export const loadCharts = async (): Promise<(chart: Chart) => Promise<Html>> => {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Vega's hook for places without a canvas; its own guess, 0.8 em a letter, would cut names that fit. Not in its types.
  const { textMetrics } = vega as { textMetrics?: { width: typeof textWidth } };
  if (textMetrics !== undefined) textMetrics.width = textWidth;
  return async ({ title, reading, label, spec }) => {
    const compiled = vegaLite.compile({ ...spec, config: theme }).spec;
    const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
    const svg = await view.toSVG();
    view.finalize();
    return html`<figure><figcaption><b>${title}</b><span>${reading}</span></figcaption>${framed(svg, label)}</figure>`;
  };
};
