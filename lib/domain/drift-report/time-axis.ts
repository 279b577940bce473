import { shownDay, shownHour, shownMonth } from './words.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** One axis for every chart over time, so that what stands below each other happened together. */
export interface TimeAxis {
  /** Where a moment lies, in percent of the width. */
  readonly x: (atMs: number) => number;
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  readonly from: number;
  readonly to: number;
}

/** As many labels as a phone has room for. */
const maxTicks = 5;

/** Minutes, hours, days, weeks, about months, and years. */
const steps = [
  ...[1, 5, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 4, 7, 14, 31, 62, 124, 366, 732, 1830].map((days) => days * dayMs),
];

const textOf = (stepMs: number): ((atMs: number) => string) => {
  if (stepMs < dayMs)
    return (atMs) => (atMs % dayMs === 0 ? shownDay(atMs) : `${shownDay(atMs)} ${shownHour(atMs)}`);
  return stepMs > 28 * dayMs ? shownMonth : shownDay;
};

/** Whole minutes, hours, days or weeks of UTC, a few of them, none so near an end that its label would be cut. */
const ticksBetween = (from: number, to: number): readonly number[] => {
  const isRoomy = (at: number) => at - from >= 0.04 * (to - from) && to - at >= 0.06 * (to - from);
  for (const step of steps) {
    const first = Math.ceil(from / step);
    if ((to - from) / step > 4 * maxTicks) continue;
    const ticks = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => (first + at) * step);
    const roomy = ticks.filter(isRoomy);
    if (roomy.length <= (step < dayMs ? maxTicks - 2 : maxTicks)) return roomy;
  }
  return [];
};

const stepOf = (ticks: readonly number[]): number => (ticks[1] ?? Number.POSITIVE_INFINITY) - (ticks[0] ?? 0);

/** The axis of [from, to] in milliseconds since the epoch; of no length it is an hour. */
export const timeAxis = (from: number, end: number): TimeAxis => {
  const to = Math.max(end, from + hourMs);
  const ticks = ticksBetween(from, to);
  const step = ticks.length > 1 ? stepOf(ticks) : dayMs;
  const text = textOf(step);
  const x = (atMs: number) =>
    Number(((100 * (Math.min(Math.max(atMs, from), to) - from)) / (to - from)).toFixed(2));
  return { from, to, x, ticks: ticks.map((at) => ({ x: x(at), text: text(at) })) };
};
