import { maxCarriedWindows, windowAt, windowMs } from '../drift/index.ts';

/** Rows of a span of time, as the monitor would have judged them together. */
export interface TimedWindow {
  readonly from: number;
  readonly to: number;
  readonly rows: Uint32Array;
}

/** Cuts rows in time order into the windows the monitor would have judged: short ones join the next, or are dropped. */
export const cutWindows = (
  order: Uint32Array,
  times: Float64Array,
  windowHours: number,
  needed: number,
): TimedWindow[] => {
  const windows: TimedWindow[] = [];
  const timeAt = (place: number) => times[order[place] as number] as number;
  let begin = 0;
  for (let place = 0; place < order.length; ) {
    const { to } = windowAt(timeAt(place), windowHours);
    const waited = (to - windowAt(timeAt(begin), windowHours).from) / windowMs(windowHours);
    // Those before have waited for as long as anybody waits: this window begins anew.
    if (waited > maxCarriedWindows + 1) begin = place;
    while (place < order.length && timeAt(place) < to) place += 1;
    if (place - begin < needed) continue;
    const { from } = windowAt(timeAt(begin), windowHours);
    windows.push({ from, to, rows: order.subarray(begin, place) });
    begin = place;
  }
  return windows;
};
