import type { WindowRecord } from '../../lib/domain/drift/index.ts';
import { type RealisedWindow, waitMs } from '../../lib/domain/labels/index.ts';
import { judgeCoverage, type Measure } from '../../lib/domain/quality/index.ts';
import type { Services } from '../services.ts';
import { hourMs } from './captured-files.ts';
import { digestOf, type LabelObjects } from './realised-labels.ts';

/** Windows are looked back at for so long, or three times what labels take if that is longer. */
const lookBackMs = 14 * 24 * hourMs;

/** Windows listed at most: of hours those of 40 days. */
const maxWindows = 1000;

/** The slowest of so many windows judged last says what labels take. */
const delaysRemembered = 5;

export const isFinal = ({ judgedAt }: RealisedWindow): boolean => judgedAt !== undefined;

/** How long labels took in the windows judged last; `records` are newest first. */
export const usualDelayMs = (records: readonly RealisedWindow[]): Measure => {
  const delays = records
    .filter(isFinal)
    .flatMap(({ delayHours }) => delayHours ?? [])
    .slice(0, delaysRemembered);
  return delays.length === 0 ? { unknown: 'no window was judged yet' } : Math.max(...delays) * hourMs;
};

/** A window whose labels may still change what is known of it. */
export interface OpenWindow {
  readonly window: WindowRecord;
  /** What was known of it before. */
  readonly before: RealisedWindow | undefined;
}

/** What is known of the labels of late windows, newest first. */
export const listRealised = (model: string, { registry }: Pick<Services, 'registry'>) =>
  registry.listRealisedWindows(model, { limit: maxWindows });

/** The windows with rows whose labels have not had their last word, oldest first. Shorter ones are part of those they were carried into. */
export const openWindows = async (
  model: string,
  records: readonly RealisedWindow[],
  { registry, clock }: Pick<Services, 'registry' | 'clock'>,
): Promise<readonly OpenWindow[]> => {
  const usual = usualDelayMs(records);
  const backMs = Math.max(lookBackMs, typeof usual === 'number' ? 3 * usual : 0);
  const known = new Map(records.map((record) => [record.windowEnd, record]));
  const windows = await registry.listWindows(model, { limit: maxWindows });
  return windows
    .filter(({ outcome, rows }) => rows > 0 && (outcome === 'judged' || outcome === 'no-baseline'))
    .filter(({ windowEnd }) => Date.parse(windowEnd) > clock.now() - backMs)
    .map((window) => ({ window, before: known.get(window.windowEnd) }))
    .filter(({ before }) => before === undefined || !isFinal(before))
    .toReversed();
};

/** Whether the wait is over, by what is known without reading anything. */
const isOverdue = ({ window, before }: OpenWindow, usual: Measure, nowMs: number): boolean => {
  const own = before?.delayHours === undefined ? [] : [before.delayHours * hourMs];
  const { rows, labelledRows } = before ?? { rows: window.rows, labelledRows: 0 };
  const windowEndMs = Date.parse(window.windowEnd);
  const delayMs = waitMs(Float64Array.from(own), usual, windowEndMs - Date.parse(window.from));
  const coverage = judgeCoverage({ rows, labelledRows, windowEndMs, nowMs, delayMs });
  return coverage.outcome !== 'wait';
};

/**
 * What there is to do about a window: `read` when its labels changed, or when the wait for more is over; `give-up` when
 * none came in their time, which needs no reading; else nothing.
 */
export const dueWork = (
  open: OpenWindow,
  objects: LabelObjects,
  usual: Measure,
  nowMs: number,
): 'read' | 'give-up' | 'nothing' => {
  const { before } = open;
  const isEmpty = objects.byId.length + objects.byKey.length === 0;
  if (isEmpty && before === undefined) return isOverdue(open, usual, nowMs) ? 'give-up' : 'nothing';
  if (before?.seen !== digestOf(objects)) return 'read';
  return before.outcome === 'waiting' && isOverdue(open, usual, nowMs) ? 'read' : 'nothing';
};
