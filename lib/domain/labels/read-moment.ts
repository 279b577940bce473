/** With an offset or Z, or without: then UTC. Seconds, and the time as a whole, may be left out. */
const iso =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

const offsetOf = (zone: string | undefined): string => {
  if (zone === undefined || /^z$/i.test(zone)) return 'Z';
  const [, hours = '', minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  return `${hours}:${minutes}`;
};

/** Numbers of this size and more are milliseconds since 1970, below it seconds: 10¹¹ s is the year 5138. */
const millisecondsFrom = 1e11;
/** Numbers that would be earlier are something else: a year, a day of a spreadsheet, a date without its dashes. */
const earliestMs = Date.UTC(2000, 0, 1);

const isoOf = (atMs: number): string | undefined => {
  // Years beyond 9999 have another notation, which no label has a use for.
  const isDate = Number.isFinite(atMs) && Math.abs(atMs) < Date.UTC(9999, 11, 31);
  return isDate && atMs >= 0 ? new Date(atMs).toISOString() : undefined;
};

/** A moment as people and programs write it, ISO 8601 text or epoch seconds or milliseconds, as ISO 8601 in UTC. */
export const readMoment = (value: string | number): string | undefined => {
  const text = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    const atMs = number >= millisecondsFrom ? Math.floor(number) : Math.round(number * 1000);
    return atMs < earliestMs ? undefined : isoOf(atMs);
  }
  const [, day, time = '00:00', zone] = iso.exec(text) ?? [];
  if (day === undefined) return undefined;
  const seconds = time.length === 5 ? `${time}:00` : time;
  // Digits beyond milliseconds are cut off: not every reader of dates takes them.
  const readable = `${day}T${seconds.replace(/(\.\d{3})\d+$/, '$1')}${offsetOf(zone)}`;
  const atMs = Date.parse(readable);
  // 30 February becomes 2 March: what does not come back as the day it was is no date.
  const isRealDay = Number.isFinite(atMs) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isRealDay ? isoOf(atMs) : undefined;
};
