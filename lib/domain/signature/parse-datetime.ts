/** YYYY-MM-DD, then optionally T or a space, HH:MM, seconds, a fraction, and Z or an offset. */
const iso8601 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?)?$/;

/** Beyond this a JavaScript date does not reach: 100,000,000 days either side of 1970. */
const maxEpochMs = 8.64e15;

/**
 * The milliseconds since the epoch of an ISO 8601 date or date-time; without a zone it is UTC.
 * undefined for anything else, and for dates no calendar has, such as 30 February.
 */
export const parseDatetime = (value: string | number): bigint | undefined => {
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) <= maxEpochMs ? BigInt(value) : undefined;
  const parts = iso8601.exec(value);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isInCalendar = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const isOnClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const offsetMinutes = zoneMinutes(parts);
  if (!isInCalendar || !isOnClock || offsetMinutes === undefined) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - offsetMinutes;
  const seconds = date.getTime() / 1000 + minutes * 60 + Number(second);
  // Towards zero from microseconds, as DuckDB's epoch_ms does.
  return (BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))) / 1000n;
};

/** Minutes east of UTC; undefined for an offset no place has. */
const zoneMinutes = (parts: RegExpExecArray): number | undefined => {
  const [sign, hours = '0', minutes = '0'] = parts.slice(9);
  if (sign === undefined) return 0;
  if (Number(hours) > 18 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};
