const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** 950 ms, 12.3 s, 4 min 05 s, 3 h 20 min. */
export const formatDuration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < minuteMs) return `${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.floor(milliseconds / minuteMs);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (milliseconds < hourMs) return `${minutes} min ${pad(Math.floor((milliseconds % minuteMs) / 1000))} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
};

/** "4 min ago" or "in 3 h": the distance of a moment from now, in its largest unit. */
export const formatAgo = (at: string, now: number): string => {
  const distance = Date.parse(at) - now;
  if (Number.isNaN(distance)) return at;
  const size = Math.abs(distance);
  if (size < 5000) return 'just now';
  const [unit, name] =
    size < minuteMs
      ? [1000, 's']
      : size < hourMs
        ? [minuteMs, 'min']
        : size < 2 * dayMs
          ? [hourMs, 'h']
          : [dayMs, 'days'];
  const amount = `${Math.floor(size / unit)} ${name}`;
  return distance < 0 ? `${amount} ago` : `in ${amount}`;
};

/** Four significant digits, as people compare metrics; whole numbers with their thousands set apart. */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(3);
  return size >= 1000
    ? value.toLocaleString('en-US', { maximumFractionDigits: 1 })
    : String(Number(value.toPrecision(4)));
};

/** 2026-11-21 11:43 UTC. */
export const formatMoment = (at: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : at;

/** A value in a table cell. */
export const formatValue = (value: unknown): string => {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : JSON.stringify(value);
};
