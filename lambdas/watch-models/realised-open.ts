import type { WindowRecord } from '../../lib/domain/drift/index.ts';
import { minLabelledRows, type RealisedWindow, waitMs } from '../../lib/domain/labels/index.ts';
import { judgeCoverage, type Measure, minCoverage } from '../../lib/domain/quality/index.ts';
import type { Services } from '../services.ts';
import { hourMs } from './captured-files.ts';
import { digestOf, type LabelObjects } from './realised-labels.ts';

const dayMs = 24 * hourMs;

/**
 * Windows are looked back at for so long, or three times what labels take if that is longer, and as far as the labels
 * reach that came last: the first may be months late.
 */
const lookBackMs = 14 * dayMs;
/** As far as labels by key may reach, which do not say what they are about, until it is known what labels take. */
const keyedBackMs = 90 * dayMs;
/** What is captured is gone then. */
const furthestMs = 400 * dayMs;

/** The files of labels that tell how far back labels reach. */
const filesRemembered = 20;

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

/** Since when windows are looked at. */
const openSince = async (
  model: string,
  records: readonly RealisedWindow[],
  { registry, clock }: Pick<Services, 'registry' | 'clock'>,
): Promise<number> => {
  const usual = usualDelayMs(records);
  const now = clock.now();
  const files = await registry.listTakenLabelFiles(model, { limit: filesRemembered });
  const told = files.flatMap(({ oldestAt }) => (oldestAt === undefined ? [] : [Date.parse(oldestAt)]));
  const isKeyed = files.some(({ taken = 0, oldestAt }) => taken > 0 && oldestAt === undefined);
  const backMs = typeof usual === 'number' ? 3 * usual : isKeyed ? keyedBackMs : 0;
  return Math.max(now - furthestMs, Math.min(now - Math.max(lookBackMs, backMs), ...told));
};

/** The windows with rows whose labels have not had their last word, oldest first. Shorter ones are part of those they were carried into. */
export const openWindows = async (
  model: string,
  records: readonly RealisedWindow[],
  services: Pick<Services, 'registry' | 'clock'>,
): Promise<readonly OpenWindow[]> => {
  const { registry } = services;
  const since = await openSince(model, records, services);
  const known = new Map(records.map((record) => [record.windowEnd, record]));
  const windows = await registry.listWindows(model, { limit: maxWindows });
  return (
    windows
      .filter(({ outcome, rows }) => rows > 0 && (outcome === 'judged' || outcome === 'no-baseline'))
      .map((window) => ({ window, before: known.get(window.windowEnd) }))
      .filter(({ before }) => before === undefined || !isFinal(before))
      // One that has labels and waits for more is seen to its end.
      .filter(
        ({ window, before }) =>
          Date.parse(window.windowEnd) > since ||
          before?.outcome === 'judged' ||
          (before?.outcome === 'waiting' && before.labelledRows > 0),
      )
      .toReversed()
  );
};

/** A window is read again once its labels are so many times what was read. */
const growth = 1.25;
/** Or once so much time has passed, so that what people are shown is of the day. */
const staleMs = 24 * hourMs;

/**
 * Whether labels that came since a window was read may change what is known of it: by their size it may have reached what
 * it waits for, or they grew by a quarter. Labels that trickle in then cost some readings, and not one a file.
 */
const isWorthReading = (before: RealisedWindow, { bytes }: LabelObjects, nowMs: number): boolean => {
  const { rows, labelledRows, seenBytes, updatedAt } = before;
  if (seenBytes === undefined || nowMs - Date.parse(updatedAt) >= staleMs) return true;
  const times = bytes / Math.max(1, seenBytes);
  const enough = before.outcome === 'waiting' ? minCoverage * rows : minLabelledRows;
  return times >= growth || times * labelledRows >= enough;
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
 * What there is to do about a window: `read` when its labels changed, when the wait for more is over, or when somebody died
 * over judging it; `give-up` when none came in their time, which needs no reading; else nothing.
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
  if (before === undefined) return 'read';
  const isDue =
    before.outcome === 'judged' || (before.outcome === 'waiting' && isOverdue(open, usual, nowMs));
  const isMore = before.seen !== digestOf(objects) && isWorthReading(before, objects, nowMs);
  return isDue || isMore ? 'read' : 'nothing';
};
