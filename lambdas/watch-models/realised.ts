import { type Baseline, readBaseline } from '../../lib/domain/baseline/index.ts';
import { judgeLabels, RealisedWindow } from '../../lib/domain/labels/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import type { Services } from '../services.ts';
import { joinWindow } from './realised-join.ts';
import { ensureRealisedAlarm, type KeepNeeds, keepRealised } from './realised-keep.ts';
import { digestOf, type LabelObjects, labelObjects } from './realised-labels.ts';
import { dueWork, listRealised, type OpenWindow, openWindows, usualDelayMs } from './realised-open.ts';
import { realisedLane } from './realised-points.ts';
import { dropTrainingRows, trainingPlan } from './realised-training.ts';

export type RealisedNeeds = KeepNeeds &
  Pick<Services, 'objects' | 'notifier' | 'withScratchFolder' | 'signal'>;

/** Predictions read in one look, of one window at least; the next look goes on. */
const rowsPerLook = 5_000_000;

/** Labels by key are held together, from the beginning of a window until now: packed, these are some ten million. */
const maxKeyedBytes = 200e6;

/** `undefined` where the version has none that can be read. */
const baselineOf = async (
  model: string,
  version: number,
  { objects, registry }: RealisedNeeds,
): Promise<Baseline | undefined> => {
  const key = (await registry.getVersion(model, version)).files.baseline;
  if (key === undefined) return undefined;
  try {
    return readBaseline(JSON.parse(new TextDecoder().decode(await objects.get(key))));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const tellSkipped = async (
  { model, windowEnd }: { readonly model: string; readonly windowEnd: string },
  skipped: readonly string[],
  seen: string,
  { notifier }: RealisedNeeds,
): Promise<void> => {
  if (skipped.length === 0) return;
  await notifier.notify({
    id: `realised-${model}-${windowEnd}-${seen.slice(0, 16)}`,
    kind: 'note',
    model,
    subject: `${skipped.length} file(s) of predictions or labels could not be read`,
    text: `the labels of the window until ${windowEnd} were read without them: ${skipped.slice(0, 20).join(', ')}`,
  });
};

interface Reading extends OpenWindow {
  readonly spec: ModelSpec;
  readonly objects: LabelObjects;
  readonly records: readonly RealisedWindow[];
}

/** What is known of a window, whatever its labels say. */
const aboutWindow = ({ window, objects }: Pick<Reading, 'window' | 'objects'>, at: string) => ({
  model: window.model,
  windowStart: window.from,
  windowEnd: window.windowEnd,
  version: window.version,
  seen: digestOf(objects),
  seenBytes: objects.bytes,
  updatedAt: at,
});

/** Nothing can be told of it by now: that is unknown. */
const givenUp = (reading: Reading, at: string, because: string): RealisedWindow => ({
  ...aboutWindow(reading, at),
  rows: reading.window.rows,
  labelledRows: 0,
  coverage: 0,
  outcome: 'unknown',
  because,
  unknownLabels: 0,
  correctedLabels: 0,
  measure: reading.spec.task === 'regression' ? 'mean absolute error' : 'share of wrong answers',
});

/** Reads a window with its labels and judges what they tell; of one that is judged the joined rows are dropped for training. */
const readWindow = (reading: Reading, services: RealisedNeeds): Promise<RealisedWindow> =>
  services.withScratchFolder(async (folder) => {
    const { spec, window, objects, records } = reading;
    const { model, version, windowEnd } = window;
    const baseline = await baselineOf(model, version, services);
    const plan = await trainingPlan(spec, version, services);
    const span = { from: Date.parse(window.from), to: Date.parse(windowEnd) };
    const training = 'columns' in plan ? plan.columns : undefined;
    // The share may have been changed since: the record tells what it was.
    const { rows, predictions } = window;
    const captureShare =
      predictions === undefined ? spec.monitor.captureShare : rows / Math.max(rows, predictions);
    const joined = await joinWindow(
      { model, version, span, spec, baseline, objects, captureShare, training },
      folder,
      services,
    );
    const at = new Date(services.clock.now()).toISOString();
    if (joined.counts.rows === 0)
      return givenUp(reading, at, `the ${rows} prediction(s) that were captured are gone`);
    const { isFinal, ...judged } = judgeLabels({
      windowStartMs: span.from,
      windowEndMs: span.to,
      nowMs: services.clock.now(),
      counts: joined.counts,
      usualDelayMs: usualDelayMs(records),
      quality: baseline?.quality,
      estimate: joined.estimate,
      widenedBy: baseline?.promises.find(({ lane }) => lane === realisedLane)?.widenedBy ?? 1,
    });
    const about = aboutWindow(reading, at);
    await tellSkipped(window, joined.skipped, about.seen, services);
    const dropped =
      isFinal && joined.training && (await dropTrainingRows(window, joined.training, folder, services));
    const reason = 'because' in plan ? plan.because : 'no label was told in the columns the target reads';
    const notTrained = isFinal && !joined.training ? `; not trained on: ${reason}` : '';
    return RealisedWindow.parse({
      ...about,
      ...judged,
      because: `${judged.because}${notTrained}`,
      unknownLabels: joined.unknownLabels,
      ...dropped,
      ...(isFinal && { judgedAt: at }),
    });
  });

/**
 * Looks at the labels of a model's windows, oldest first: reads those whose labels changed or whose time is up, judges
 * them, drops their joined rows for training, and sees to the lane's points and alarm. Gives what was found.
 */
export const judgeRealised = async (
  model: string,
  services: RealisedNeeds,
): Promise<readonly RealisedWindow[]> => {
  const { registry, clock } = services;
  const before = await listRealised(model, services);
  const open = await openWindows(model, before, services);
  const { spec } = await registry.getSpec(model);
  const { windowHours } = spec.monitor;
  const find = labelObjects(model, { hasKey: spec.key.length > 0, nowMs: clock.now() }, services);
  const found: RealisedWindow[] = [];
  let rows = 0;
  for (const one of open) {
    services.signal?.throwIfAborted();
    const { window } = one;
    const objects = await find({ from: Date.parse(window.from), to: Date.parse(window.windowEnd) });
    const records = [...found.toReversed(), ...before];
    const work = dueWork(one, objects, usualDelayMs(records), clock.now());
    if (work === 'nothing') continue;
    rows += work === 'read' ? window.rows : 0;
    if (rows > rowsPerLook && rows > window.rows) break;
    const reading = { ...one, spec, objects, records };
    const at = new Date(clock.now()).toISOString();
    const because =
      work === 'give-up'
        ? 'no label came in the usual time'
        : `labels by key since then have ${objects.keyedBytes} bytes, more than ${maxKeyedBytes}: expected predictionIds`;
    const isRead = work === 'read' && objects.keyedBytes <= maxKeyedBytes;
    found.push(isRead ? await readWindow(reading, services) : givenUp(reading, at, because));
  }
  await ensureRealisedAlarm(model, found, windowHours, services);
  return keepRealised(found, before, windowHours, services);
};
