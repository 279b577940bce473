import { readBaseline } from '../../lib/domain/baseline/index.ts';
import {
  type JudgedWindow,
  judgeWindow,
  maxCarriedWindows,
  maxRecordedColumns,
  maxRecordedFiles,
  mergeProfiles,
  requiredRows,
  type Span,
  WindowRecord,
  windowAt,
  windowsEnding,
} from '../../lib/domain/drift/index.ts';
import { laneRuleOf, type WatchedLane, watchedLanes } from '../../lib/domain/lane-alarms/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import { laneDimensions, laneMetrics } from '../../lib/wire/metrics.ts';
import type { Services } from '../services.ts';
import { profileTaker } from './profile-taker.ts';
import { readCaptured } from './read-captured.ts';
import { repeatedIds } from './repeated-ids.ts';

export type Needs = Pick<
  Services,
  'objects' | 'registry' | 'alarms' | 'clock' | 'notifier' | 'withScratchFolder' | 'signal'
> & { readonly metrics: Pick<Services['metrics'], 'put'> };

type Lanes = WindowRecord['lanes'];

/** What is captured lands after up to 15 minutes; a window is looked at when 20 have passed since its end. */
const landingMs = 20 * 60_000;

/** Metrics older than two weeks are not taken, so that looking further back would change no alarm. */
const lookBackMs = 14 * 86_400_000;

/** Windows of one model judged in one go; the next look goes on. */
const windowsPerLook = 200;

const iso = (atMs: number): string => new Date(atMs).toISOString();

interface Reign {
  readonly version: number;
  readonly since: string;
}

/** The champion at the end of a window; `reigns` are newest first. */
const championAt = (atMs: number, reigns: readonly Reign[]): Reign | undefined =>
  reigns.find(({ since }) => Date.parse(since) < atMs);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `undefined` where the version has none, or one of a schema this code does not know. */
const baselineOf = async (model: string, version: number, { objects, registry }: Needs) => {
  const key = (await registry.getVersion(model, version)).files.baseline;
  if (key === undefined) return undefined;
  return readBaseline(parseJson(new TextDecoder().decode(await objects.get(key))));
};

/** Where the rows of a window begin: with the windows that were too short before it, of the same version. */
const carriedInto = (window: Span, version: number, before: WindowRecord | undefined) => {
  const isCarried =
    before?.outcome === 'carried' &&
    before.version === version &&
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

/** A window the version did not serve from its start says nothing about traffic that fails to come. */
const freshnessOf = (rows: number, window: Span, reign: Reign): Lanes =>
  Date.parse(reign.since) > window.from
    ? []
    : [{ lane: 'freshness', score: rows > 0 ? 0 : 1, because: `${rows} prediction(s) in the window` }];

const judgedLanes = ({ dataQuality, drift }: JudgedWindow): Lanes => [
  { lane: 'data-quality', ...dataQuality },
  ...(drift === undefined ? [] : [{ lane: 'drift' as const, ...drift }]),
];

interface Look {
  readonly model: string;
  readonly spec: ModelSpec;
  readonly window: Span;
  readonly reign: Reign;
  readonly before: WindowRecord | undefined;
}

/** Looks at one window; what it finds is not yet kept. */
const look = async ({ model, spec, window, reign, before }: Look, services: Needs): Promise<WindowRecord> => {
  const { version } = reign;
  const baseline = await baselineOf(model, version, services);
  const { from, windows } = carriedInto(window, version, before);
  const ids = repeatedIds();
  const watched = baseline ?? { columns: [] };
  const read = async (span: Span) => {
    const profiled = profileTaker(watched);
    const request = { model, version, span, ids, takers: [profiled] };
    const captured = await services.withScratchFolder((folder) => readCaptured(request, folder, services));
    return { ...captured, profile: profiled.profile() };
  };
  const own = await read(window);
  const carried = from < window.from ? await read({ from, to: window.from }) : undefined;
  const profile = carried ? mergeProfiles(carried.profile, own.profile) : own.profile;
  const { rows } = profile;
  const required = baseline
    ? requiredRows(baseline.rows, baseline.columns.length, spec.monitor.minRows)
    : spec.monitor.minRows;
  const outcome = baseline === undefined ? 'no-baseline' : outcomeOf(rows, required, windows);
  const judged = baseline !== undefined && outcome === 'judged' ? judgeWindow(baseline, profile) : undefined;
  return WindowRecord.parse({
    model,
    windowStart: iso(window.from),
    windowEnd: iso(window.to),
    from: iso(from),
    windows,
    version,
    rows,
    outcome,
    requiredRows: required,
    lanes: [...(judged ? judgedLanes(judged) : []), ...freshnessOf(own.profile.rows, window, reign)],
    columns: judged?.columns.slice(0, maxRecordedColumns) ?? [],
    skippedFiles: own.skippedFiles.slice(0, maxRecordedFiles),
    skippedFileCount: own.skippedFiles.length,
    skippedLines: own.skippedLines,
    repeatedRows: own.repeatedRows + (carried?.repeatedRows ?? 0),
    judgedAt: iso(services.clock.now()),
  });
};

/** The points come before the record: a crash between them repeats points, and lanes go by the largest of a window. */
const keep = async (record: WindowRecord, { metrics, registry, notifier }: Needs): Promise<void> => {
  const { model, version, windowEnd, skippedFileCount, skippedLines, skippedFiles } = record;
  await metrics.put(
    record.lanes.map(({ lane, score }) => ({
      name: laneMetrics.score,
      value: Math.max(0, score),
      unit: 'None' as const,
      dimensions: laneDimensions(model, lane, version),
      at: Date.parse(windowEnd),
    })),
  );
  if (skippedFileCount + skippedLines > 0)
    await notifier.notify({
      id: `captured-${model}-${windowEnd}`,
      kind: 'note',
      model,
      subject: `${skippedFileCount} captured file(s) and ${skippedLines} line(s) could not be read`,
      text: `the window until ${windowEnd} was judged without them${skippedFileCount > 0 ? `: ${skippedFiles.join(', ')}` : ''}`,
    });
  await registry.recordWindow(record);
};

/** The newest window judged. A clock that was ahead once has left windows that are not over yet: they are passed over. */
const latestUntil = async (
  untilMs: number,
  model: string,
  { registry }: Needs,
): Promise<WindowRecord | undefined> => {
  const isOver = ({ windowEnd }: WindowRecord) => Date.parse(windowEnd) <= untilMs;
  const [newest] = await registry.listWindows(model, { limit: 1 });
  return newest === undefined || isOver(newest) ? newest : (await registry.listWindows(model)).find(isOver);
};

/**
 * The lanes that can have an alarm by now. A window nobody heard of is bad news for freshness, so that its alarm is made
 * with the first point of its series: made sooner it would ring for every model that has just gone live.
 */
const dueLanes = (records: readonly WindowRecord[]): readonly WatchedLane[] => {
  const isFresh = records.some(({ lanes }) => lanes.some(({ lane }) => lane === 'freshness'));
  return watchedLanes.filter((lane) => lane !== 'freshness' || isFresh);
};

/** Judges the windows of a model that are over and were not judged yet, oldest first, and sees to its alarms. */
export const watchModel = async (model: string, services: Needs): Promise<readonly WindowRecord[]> => {
  const { registry, alarms, clock } = services;
  const reigns = await registry.listReigns(model);
  const first = reigns.at(-1);
  if (first === undefined) return [];
  const { spec } = await registry.getSpec(model);
  const { windowHours } = spec.monitor;
  const until = clock.now() - landingMs;
  const latest = await latestUntil(until, model, services);
  const after = Math.max(
    latest ? Date.parse(latest.windowEnd) : windowAt(Date.parse(first.since), windowHours).from,
    until - lookBackMs,
  );
  const found: WindowRecord[] = [];
  for (const window of windowsEnding({ after, until }, windowHours, windowsPerLook)) {
    services.signal?.throwIfAborted();
    const reign = championAt(window.to, reigns);
    if (reign === undefined) continue;
    const record = await look({ model, spec, window, reign, before: found.at(-1) ?? latest }, services);
    await keep(record, services);
    found.push(record);
  }
  const lanes = dueLanes([...found, ...(latest ? [latest] : [])]);
  const version = (found.at(-1) ?? latest)?.version ?? first.version;
  await alarms.ensure(
    lanes.map((lane) => ({ model, lane, version, windowHours, ...laneRuleOf(lane, windowHours) })),
  );
  return found;
};
