import { dayName } from './calendar.ts';

/** 2001-05-11T11:00:01.546Z */
const moment = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** A batch is named by the moment it was made and a digest. */
const batchId = /\b\d{17}-[0-9a-f]{10}\b/g;

/** How much of a text people read where there are many. */
const longestLine = 240;

/**
 * Text of the product with its moments to the hour and batches by what is in them: simulated time goes on at the pace of the
 * machine, and what the drill tells is the same on a slow one.
 */
export const readable = (text: string, names: ReadonlyMap<string, string>): string =>
  text
    .replaceAll(moment, (at) => `${dayName(Date.parse(at))}, ${at.slice(11, 13)} h`)
    .replaceAll(batchId, (id) => names.get(id) ?? '…');

/** The first reasons of many. */
export const brief = (text: string): string => {
  const [first = '', ...others] = text.split('; ');
  let shown = first;
  for (const [place, other] of others.entries()) {
    if (shown.length + other.length > longestLine) return `${shown}; and ${others.length - place} more`;
    shown += `; ${other}`;
  }
  return shown;
};
