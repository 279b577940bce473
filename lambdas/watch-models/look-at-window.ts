import type { Baseline } from '../../lib/domain/baseline/index.ts';
import {
  isPresenceOnly,
  maxCarriedWindows,
  maxRecordedFiles,
  requiredRows,
  type Span,
  WindowRecord,
} from '../../lib/domain/drift/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import type { Services } from '../services.ts';
import { countWindow } from './count-window.ts';
import { readBaselineOf } from './drift-report.ts';
import { comparedWith, judgeCounts } from './judge-counts.ts';
import { keepProfile } from './keep-profile.ts';

type Needs = Pick<Services, 'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'signal'>;
type Lanes = WindowRecord['lanes'];

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** Since when a version has been champion. */
export interface Reign {
  readonly version: number;
  readonly since: string;
}

export interface Look {
  readonly model: string;
  readonly spec: ModelSpec;
  readonly window: Span;
  /** The champion at the end of the window. */
  readonly reign: Reign;
  /** The window judged before. */
  readonly before: WindowRecord | undefined;
}

/** Where the rows of a window begin: with the windows that were too short before it, of the same version. */
const carriedInto = ({ window, reign, before }: Look) => {
  const isCarried =
    before?.outcome === 'carried' &&
    before.version === reign.version &&
    Date.parse(before.windowEnd) === window.from;
  return isCarried
    ? { from: Date.parse(before.from), windows: before.windows + 1 }
    : { from: window.from, windows: 1 };
};

const outcomeOf = (rows: number, required: number, windows: number): WindowRecord['outcome'] => {
  if (rows >= required) return 'judged';
  if (rows === 0) return 'empty';
  return windows > maxCarriedWindows ? 'dropped' : 'carried';
};

/**
 * A window the version did not serve from its start says nothing about traffic that fails to come; but rows are rows, else a
 * model with a new champion every day would seem to be asked by nobody.
 */
const freshnessOf = (rows: number, window: Span, reign: Reign): Lanes =>
  rows === 0 && Date.parse(reign.since) > window.from
    ? []
    : [{ lane: 'freshness', score: rows > 0 ? 0 : 1, because: `${rows} prediction(s) in the window` }];

const requiredOf = (baseline: Baseline | undefined, span: Span, minRows: number): number => {
  if (baseline === undefined) return minRows;
  const { rows, columns } = comparedWith(baseline, span);
  return requiredRows(rows, columns.length, minRows);
};

/** Columns that are captured no more, or as hashes since, though the baseline knows their values. */
const unwatchedIn = (
  { columns }: Baseline,
  { omittedColumns, sensitiveColumns }: ModelSpec['monitor'],
): readonly string[] => [
  ...omittedColumns,
  ...columns
    .filter(({ name, bins }) => sensitiveColumns.includes(name) && !isPresenceOnly(bins))
    .map(({ name }) => name),
];

/** Callers may send them for labels to find the row by; no model looks at them. */
const isSentForLabels = (name: string, { key, eventTime }: ModelSpec): boolean =>
  key.includes(name) || name === eventTime;

/** Looks at one window; what it finds is not yet recorded, but its counts are kept. */
export const lookAtWindow = async (look: Look, services: Needs): Promise<WindowRecord> => {
  const { model, spec, window, reign } = look;
  const { version } = reign;
  const { monitor } = spec;
  const baseline = await readBaselineOf(model, version, services);
  const { from, windows } = carriedInto(look);
  const { own, all } = await countWindow({ window, from }, { model, version, baseline }, services);
  const about = { model, version, windowEnd: iso(window.to) };
  const isKept = baseline !== undefined && all.rows > 0;
  const profile = isKept ? await keepProfile(about, all.profile, services) : all.profile;
  const rows = isKept ? profile.rows : all.rows;
  const span = { from, to: window.to };
  const required = requiredOf(baseline, span, monitor.minRows);
  const outcome = baseline === undefined ? 'no-baseline' : outcomeOf(rows, required, windows);
  const judged =
    baseline !== undefined && outcome === 'judged'
      ? judgeCounts({
          ...{ baseline, span, profile, quality: all.quality },
          unwatched: unwatchedIn(baseline, monitor),
        })
      : undefined;
  return WindowRecord.parse({
    ...about,
    windowStart: iso(window.from),
    from: iso(from),
    windows,
    rows,
    outcome,
    requiredRows: required,
    columns: [],
    ...judged,
    lanes: [...(judged?.lanes ?? []), ...freshnessOf(own.rows, window, reign)],
    ...(all.predictions !== all.rows && { predictions: all.predictions }),
    appeared: all.appeared.filter((name) => !isSentForLabels(name, spec)),
    skewedRows: own.skewedRows,
    skippedFiles: own.skippedFiles.slice(0, maxRecordedFiles),
    skippedFileCount: own.skippedFiles.length,
    skippedLines: own.skippedLines,
    repeatedRows: all.repeatedRows,
    judgedAt: iso(services.clock.now()),
  });
};
