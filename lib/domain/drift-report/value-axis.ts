import { shownNumber } from './words.ts';

/** The vertical axis of a chart. */
export interface ValueAxis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** 1, 2 or 5 times a power of ten: about `count` of them in a span. */
const niceStep = (span: number, count: number): number => {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return factor * power;
};

/** Numbers this near to each other, or to nothing, are one: no labels could tell them apart. */
const same = 1e-9;

const spanOf = (low: number, high: number): number => {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(same, size * same)) return high - low;
  return size > same ? size : 1;
};

/** An axis over some values, from and to round numbers unless its ends are given. */
export const valueAxis = (
  values: readonly number[],
  options: {
    readonly from?: number;
    readonly to?: number;
    readonly text?: (value: number) => string;
  } = {},
): ValueAxis => {
  const known = values.filter(Number.isFinite);
  const low = options.from ?? Math.min(...known, Number.MAX_VALUE);
  const high = Math.max(options.to ?? Math.max(...known, -Number.MAX_VALUE), low);
  if (known.length === 0 && (options.from === undefined || options.to === undefined))
    return { from: 0, to: 1, ticks: [] };
  const step = niceStep(spanOf(low, high), 4);
  const first = options.from ?? Math.floor(low / step) * step;
  const count = Math.max(1, Math.round(((options.to ?? Math.ceil(high / step) * step) - first) / step));
  const { text = shownNumber } = options;
  // Multiplied rather than added up, and rounded: 0.30000000000000004 is no label.
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((first + at * step).toPrecision(12)));
  return {
    from: first,
    to: options.to ?? first + count * step,
    ticks: ticks.map((value) => ({ value, text: text(value) })),
  };
};
