import { type Html, html } from '../report/html.ts';
import type { TimeAxis } from './time-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/**
 * Charts over time fill the width there is: x is in percent, y in pixels, so that text and marks keep their size on a
 * phone. Lines cannot be drawn in percent: they stand in a frame of 1000 units that is stretched.
 */
export interface Plot {
  readonly height: number;
  readonly y: (value: number) => number;
  readonly time: TimeAxis;
  readonly values: ValueAxis;
}

export const plotTop = 14;
const axisHeight = 22;

const rounded = (value: number): number => Number(value.toFixed(1));

/** The room of a chart: where values lie in it. */
export const plotOf = (time: TimeAxis, values: ValueAxis, height: number): Plot => {
  const room = height - plotTop - axisHeight;
  const span = values.to - values.from || 1;
  const held = (value: number) => Math.min(Math.max(value, values.from), values.to);
  return {
    height,
    time,
    values,
    y: (value) => rounded(plotTop + room * (1 - (held(value) - values.from) / span)),
  };
};

export interface Point {
  readonly at: number;
  readonly value: number;
  /** What stands there, for those who point at it. */
  readonly text: string;
}

/** Points that follow each other; `undefined` where nothing is known, and nothing is drawn across. */
export type Series = readonly (Point | undefined)[];

const pieces = (series: Series): readonly (readonly Point[])[] => {
  const found: Point[][] = [[]];
  for (const point of series) {
    if (point === undefined) found.push([]);
    else found.at(-1)?.push(point);
  }
  return found.filter((piece) => piece.length > 0);
};

const positions = (points: readonly Pick<Point, 'at' | 'value'>[], { time, y }: Plot): string =>
  points.map(({ at, value }) => `${rounded(10 * time.x(at))},${y(value)}`).join(' ');

/** A line through each unbroken piece; stands in the stretched frame. */
export const lines = (series: Series, style: string, plot: Plot): Html =>
  html`${pieces(series)
    .filter((piece) => piece.length > 1)
    .map((piece) => html`<polyline class="line ${style}" points="${positions(piece, plot)}"/>`)}`;

/** A filled band between two lines; stands in the stretched frame. */
export const band = (
  edges: readonly { readonly at: number; readonly low: number; readonly high: number }[],
  plot: Plot,
): Html => {
  const highs = edges.map(({ at, high }) => ({ at, value: high }));
  const lows = edges.map(({ at, low }) => ({ at, value: low })).reverse();
  return edges.length < 2
    ? html``
    : html`<polygon class="band" points="${positions([...highs, ...lows], plot)}"/>`;
};

/** The outlines of the marks, around 0,0: told apart by shape as well as by colour. */
export const shapes = {
  circle: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
  square: 'M-3.2-3.2h6.4v6.4h-6.4z',
  triangle: 'M0-4.4L4.3 3.2H-4.3z',
  diamond: 'M0-4.8L4.8 0L0 4.8L-4.8 0z',
  cross: 'M-4-4L4 4M-4 4L4-4',
  bar: 'M-4 0H4',
} as const;
export type Shape = keyof typeof shapes;

/** One mark at a moment and a height in pixels, with what it says when pointed at. */
export const mark = (
  place: { readonly x: number; readonly y: number },
  shape: Shape,
  style: string,
  text: string,
): Html =>
  html`<svg class="mark" x="${place.x}%" y="${place.y}"><path class="${style}" d="${shapes[shape]}"><title>${text}</title></path></svg>`;

export const marks = (series: Series, shape: Shape, style: string, { time, y }: Plot): Html =>
  html`${series.flatMap((point) =>
    point === undefined ? [] : [mark({ x: time.x(point.at), y: y(point.value) }, shape, style, point.text)],
  )}`;

/** A horizontal line at a value, with its name if it has one. */
export const limitLine = (value: number, name: string, { y }: Plot): Html =>
  html`<line class="limit" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}"/>${
    name === ''
      ? ''
      : html`<text class="limit-name" x="100%" y="${rounded(y(value) - 4)}" text-anchor="end">${name}</text>`
  }`;

export interface Drawing {
  /** What it is, and what it shows: for those who cannot see it. */
  readonly title: string;
  readonly description: string;
  /** Unique on the page. */
  readonly id: string;
  /** Behind everything: gaps and moments that all charts share. */
  readonly behind: Html;
  readonly stretched: Html;
  readonly content: Html;
}

/** A chart with its axes. */
export const drawPlot = (plot: Plot, drawing: Drawing): Html => {
  const { height, time, values, y } = plot;
  const { title, description, id } = drawing;
  const foot = height - axisHeight;
  return html`<div class="plot"><svg class="scale" style="height:${height}px" aria-hidden="true">${values.ticks.map(
    ({ value, text }) => html`<text x="100%" y="${rounded(y(value) + 4)}" text-anchor="end">${text}</text>`,
  )}</svg><svg class="field" style="height:${height}px" role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>${
    drawing.behind
  }${values.ticks.map(({ value }) => html`<line class="grid" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}"/>`)}<svg width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none">${
    drawing.stretched
  }</svg>${drawing.content}${time.ticks.map(
    ({ x, text }) =>
      html`<line class="tick" x1="${x}%" x2="${x}%" y1="${foot}" y2="${foot + 4}"/><text x="${x}%" y="${foot + 17}" text-anchor="middle">${text}</text>`,
  )}</svg></div>`;
};
