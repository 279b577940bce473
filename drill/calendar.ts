const dayMs = 86_400_000;

/** Week 1 begins here: 1 January 2001, a Monday, as the flights do. */
const firstDayMs = Date.UTC(2001, 0, 1);

/** The flights end with week 26; what is left of 1 July belongs to it. */
export const lastWeek = 26;

/** Days are counted from 0; weeks from 1. */
export const dayOfWeek1 = (week: number): number => (week - 1) * 7;

export const atHour = (day: number, hour: number): number => firstDayMs + day * dayMs + hour * 3_600_000;

/** `Thu 26 Apr`: how the drill tells a moment. */
export const dayName = (atMs: number): string => {
  const at = new Date(atMs);
  const word = (options: Intl.DateTimeFormatOptions) =>
    at.toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
  return `${word({ weekday: 'short' })} ${String(at.getUTCDate()).padStart(2)} ${word({ month: 'short' }).slice(0, 3)}`;
};
