import { dayName } from './calendar.ts';

/** 2001-05-11T11:00:01.546Z */
const moment = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** A batch is named by the moment it was made and a digest of what is in it: people tell batches by the latter. */
const batchId = /\b\d{17}-([0-9a-f]{10})\b/g;

/**
 * Text of the product with its moments to the hour and without the milliseconds of its names: simulated time goes on at the
 * pace of the machine, and what the drill tells is the same on a slow one.
 */
export const readable = (text: string): string =>
  text
    .replaceAll(moment, (at) => `${dayName(Date.parse(at))}, ${at.slice(11, 13)} h`)
    .replaceAll(batchId, '…$1');
