const maxNameLength = 80;
const maxSentenceLength = 400;

/** Control characters and those that turn the direction of what follows: in a name they are somebody's trick, or damage. */
const printable = (text: string): string => text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

const cut = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** A model's, column's or value's name as it may be shown: one line of bounded length. */
export const shownName = (name: string): string => cut(printable(name), maxNameLength);

/** A sentence of a record, which may hold names, of bounded length. */
export const shownSentence = (text: string): string => cut(printable(text), maxSentenceLength);

// Made once: a formatter takes far longer to make than to use, and a page has thousands of numbers.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const significant = Array.from(
  { length: 21 },
  (_, at) => new Intl.NumberFormat('en-US', { maximumSignificantDigits: at + 1 }),
);

/** Whole numbers with their thousands set apart, others with so many digits that carry meaning, 1 to 21. */
export const shownNumber = (value: number, digits = 3): string => {
  const size = Math.abs(value);
  if (size >= 1e15 || (size < 1e-4 && size > 0)) return value.toExponential(digits - 1).replace(/^-/, '−');
  const format = Number.isInteger(value) ? whole : (significant[digits - 1] ?? whole);
  return format.format(value).replace(/^-/, '−');
};

/** A score with two decimals: they are read against 1. */
export const shownScore = (score: number): string =>
  score
    .toFixed(2)
    .replace(/^-0\.00$/, '0.00')
    .replace(/^-/, '−');

/** 12 %, 0.4 %. */
export const shownShare = (share: number): string => {
  const value = 100 * share;
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0)} %`.replace(/^-/, '−');
};

/** +12 points, −0.4 points: what a share gained or lost. */
export const shownPoints = (change: number): string => {
  const value = 100 * change;
  const text = Math.abs(value) < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
  return `${value < 0 ? text.replace('-', '−') : `+${text}`} points`;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 21 Nov, of UTC. */
export const shownDay = (atMs: number): string => {
  const at = new Date(atMs);
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]}`;
};

/** Nov 2026, of UTC. */
export const shownMonth = (atMs: number): string => {
  const at = new Date(atMs);
  return `${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
};

/** 06:00, of UTC. */
export const shownHour = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16);

/** 2026-11-21 06:00 UTC; what is no moment stays as it is. */
export const shownMoment = (at: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : shownName(at);
