import { type Html, html } from '../report/html.ts';
import { type Shape, shapes } from './plot.ts';

export interface LegendEntry {
  readonly name: string;
  /** CSS class of the line or mark. */
  readonly style: string;
  readonly shape?: Shape;
  /** @default true */
  readonly hasLine?: boolean;
}

const swatch = ({ style, shape, hasLine = true }: LegendEntry): Html =>
  html`<svg class="swatch" width="28" height="12" aria-hidden="true">${
    style === 'band' ? html`<rect class="band" x="0" y="1" width="28" height="10"/>` : ''
  }${hasLine && style !== 'band' ? html`<line class="line ${style}" x1="0" x2="28" y1="6" y2="6"/>` : ''}${
    shape === undefined
      ? ''
      : html`<svg class="mark" x="14" y="6"><path class="dot ${style}" d="${shapes[shape]}"/></svg>`
  }</svg>`;

/** A chart with its title, how to read it, and what its marks mean. */
export const figure = (
  title: string,
  reading: string,
  drawing: Html,
  legend: readonly LegendEntry[] = [],
): Html =>
  html`<figure><figcaption><b>${title}</b><span>${reading}</span></figcaption>${
    legend.length === 0
      ? ''
      : html`<ul class="legend">${legend.map((entry) => html`<li>${swatch(entry)}${entry.name}</li>`)}</ul>`
  }${drawing}</figure>`;
