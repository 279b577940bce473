import { type WindowRecord, windowAt, windowsEnding } from '../../lib/domain/drift/index.ts';
import { laneDimensions, laneMetrics } from '../../lib/wire/metrics.ts';
import type { Services } from '../services.ts';
import { writeDriftReport } from './drift-report.ts';
import { type AlarmNeeds, ensureAlarms } from './ensure-alarms.ts';
import { lookAtWindow, type Reign } from './look-at-window.ts';

export type Needs = Pick<
  Services,
  'objects' | 'registry' | 'alarms' | 'clock' | 'notifier' | 'withScratchFolder' | 'signal'
> &
  AlarmNeeds & { readonly metrics: Pick<Services['metrics'], 'put'> };

/** What is captured lands after up to 15 minutes; a window is looked at when 20 have passed since its end. */
const landingMs = 20 * 60_000;

/** Metrics older than two weeks are not taken, so that looking further back would change no alarm. */
const lookBackMs = 14 * 86_400_000;

/** Windows of one model judged in one go; the next look goes on. */
const windowsPerLook = 200;

/** The champion at the end of a window; `reigns` are newest first. */
const championAt = (atMs: number, reigns: readonly Reign[]): Reign | undefined =>
  reigns.find(({ since }) => Date.parse(since) < atMs);

const lossesOf = ({ skippedFileCount, skippedLines, skewedRows }: WindowRecord): string =>
  [
    ...(skippedFileCount + skippedLines > 0
      ? [`${skippedFileCount} captured file(s) and ${skippedLines} line(s) could not be read`]
      : []),
    ...(skewedRows > 0
      ? [`${skewedRows} captured row(s) lie more than an hour away from the hour they are filed under`]
      : []),
  ].join('; ');

/** What was left out of a window, never silently. */
const tellLosses = async (record: WindowRecord, { notifier }: Pick<Needs, 'notifier'>): Promise<void> => {
  const subject = lossesOf(record);
  if (subject === '') return;
  const { model, windowEnd, skippedFiles } = record;
  const files = skippedFiles.length > 0 ? `: ${skippedFiles.join(', ')}` : '';
  await notifier.notify({
    id: `captured-${model}-${windowEnd}`,
    kind: 'note',
    model,
    subject,
    text: `the window until ${windowEnd} was judged without them${files}`,
  });
};

/** The points come before the record: a crash between them repeats points, and lanes go by the largest of a window. */
const keep = async (record: WindowRecord, { metrics, registry, notifier }: Needs): Promise<void> => {
  const { model, version, windowEnd, lanes } = record;
  await metrics.put(
    lanes.map(({ lane, score }) => ({
      name: laneMetrics.score,
      value: Math.max(0, score),
      unit: 'None' as const,
      dimensions: laneDimensions(model, lane, version),
      at: Date.parse(windowEnd),
    })),
  );
  await tellLosses(record, { notifier });
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

/** Judges the windows of a model that are over and were not judged yet, oldest first, and sees to its alarms. */
export const watchModel = async (model: string, services: Needs): Promise<readonly WindowRecord[]> => {
  const { registry, clock } = services;
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
    const before = found.at(-1) ?? latest;
    const record = await lookAtWindow({ model, spec, window, reign, before }, services);
    await keep(record, services);
    found.push(record);
  }
  const known = [...(latest ? [latest] : []), ...found];
  const { version } = known.at(-1) ?? first;
  const pointed = known.flatMap(({ lanes }) => lanes.map(({ lane }) => lane));
  await ensureAlarms({ model, windowHours, version, pointed }, services);
  // Last: a page that cannot be drawn keeps no window from being judged. The window before may lack its page for a crash.
  for (const record of known) await writeDriftReport({ record }, services);
  return found;
};
