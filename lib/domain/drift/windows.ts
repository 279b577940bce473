const hourMs = 3_600_000;

/** In whole milliseconds, which is what moments are written down in: 10/3600 of an hour is 10,000 of them. */
export const windowMs = (windowHours: number): number => Math.max(1, Math.round(windowHours * hourMs));

/** A span of time, half-open: [from, to) in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The tumbling window a moment lies in. Windows are counted from the epoch, so that a day is a day of UTC. */
export const windowAt = (atMs: number, windowHours: number): Span => {
  const length = windowMs(windowHours);
  const from = Math.floor(atMs / length) * length;
  return { from, to: from + length };
};

const dayMs = 24 * hourMs;

/** The weekday of UTC a span lies in, 0 for Sunday; `undefined` where it reaches over more than one day. */
export const weekdayOf = ({ from, to }: Span): number | undefined =>
  Math.floor(from / dayMs) === Math.floor((to - 1) / dayMs) ? new Date(from).getUTCDay() : undefined;

/** The windows that end in (after, until], oldest first, at most `limit` of them. */
export const windowsEnding = (
  between: { readonly after: number; readonly until: number },
  windowHours: number,
  limit: number,
): readonly Span[] => {
  const windows: Span[] = [];
  let window = windowAt(between.after, windowHours);
  while (window.to <= between.until && windows.length < limit) {
    if (window.to > between.after) windows.push(window);
    window = { from: window.to, to: window.to + windowMs(windowHours) };
  }
  return windows;
};
