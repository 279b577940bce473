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

/** Minutes, hours, days and weeks, which are always as long. */
const steps = [
  ...[1, 5, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 4, 7, 14].map((days) => days * dayMs),
];

/** Months and years, which are not. */
const monthSteps = [1, 2, 4, 12, 24, 60, 120];

const textOf = (stepMs: number): ((atMs: number) => string) => {
  if (stepMs < dayMs)
    return (atMs) => (atMs % dayMs === 0 ? shownDay(atMs) : `${shownDay(atMs)} ${shownHour(atMs)}`);
  return stepMs >= 28 * dayMs ? shownMonth : shownDay;
};

const multiplesIn = (from: number, to: number, step: number): readonly number[] => {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => (first + at) * step);
};

/** The first days of every so many months, January among them. */
const firstsIn = (from: number, to: number, step: number): readonly number[] => {
  const monthOf = (atMs: number) => new Date(atMs).getUTCFullYear() * 12 + new Date(atMs).getUTCMonth();
  return multiplesIn(monthOf(from), monthOf(to), step)
    .map((month) => Date.UTC(Math.floor(month / 12), month % 12))
    .filter((at) => at >= from);
};

/** Whole minutes, hours, days, weeks or months of UTC, a few of them, none so near an end that its label would be cut. */
const ticksBetween = (from: number, to: number): readonly number[] => {
  const isRoomy = (at: number) => at - from >= 0.04 * (to - from) && to - at >= 0.06 * (to - from);
  for (const step of steps) {
    if ((to - from) / step > 4 * maxTicks) continue;
    const roomy = multiplesIn(from, to, step).filter(isRoomy);
    if (roomy.length <= (step < dayMs ? maxTicks - 2 : maxTicks)) return roomy;
  }
  for (const step of monthSteps) {
    const roomy = firstsIn(from, to, step).filter(isRoomy);
    if (roomy.length <= maxTicks) return roomy;
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
