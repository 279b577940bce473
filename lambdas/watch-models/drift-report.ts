import * as z from 'zod';
import { type Baseline, readBaseline } from '../../lib/domain/baseline/index.ts';
import { ColumnCounts, type Profile, type WindowRecord } from '../../lib/domain/drift/index.ts';
import {
  type DriftReportFacts,
  maxShownWindows,
  renderDriftReport,
} from '../../lib/domain/drift-report/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'objects' | 'registry'> & {
  /** @default - states of alarms are not shown */
  readonly alarms?: Pick<Services['alarms'], 'states'>;
};

/** A window with what it was judged by, where the caller has them at hand. */
export interface KnownWindow {
  readonly record: WindowRecord;
  readonly baseline?: Baseline | undefined;
  readonly profile?: Profile | undefined;
}

/** `profile.json` of a window. */
const WindowProfile = z.object({ rows: z.number(), columns: z.array(ColumnCounts) });

/** Decisions are many where a cause keeps asking; more than these are on no page. */
const maxDecisions = 200;

/** The document under a key; `undefined` where there is none, or none that is JSON. */
const readJson = async (key: string | undefined, { objects }: Pick<Needs, 'objects'>): Promise<unknown> => {
  if (key === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(await objects.get(key)));
  } catch (error) {
    if (isMillraceError(error, 'OBJECT_NOT_FOUND') || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Where a version keeps its baseline; `undefined` where it has none, or is not there itself. */
const baselineKeyOf = async (
  model: string,
  version: number,
  { registry }: Pick<Needs, 'registry'>,
): Promise<string | undefined> => {
  try {
    return (await registry.getVersion(model, version)).files.baseline;
  } catch (error) {
    if (isMillraceError(error, 'VERSION_UNKNOWN')) return undefined;
    throw error;
  }
};

/** What a version is compared with; `undefined` where it has nothing that can be read. */
export const readBaselineOf = async (
  model: string,
  version: number,
  services: Pick<Needs, 'objects' | 'registry'>,
): Promise<Baseline | undefined> =>
  readBaseline(await readJson(await baselineKeyOf(model, version, services), services));

/** The counts of a judged window; `undefined` where they were not kept. */
export const readWindowProfile = async (
  { model, windowEnd }: Pick<WindowRecord, 'model' | 'windowEnd'>,
  services: Pick<Needs, 'objects'>,
): Promise<Profile | undefined> =>
  WindowProfile.safeParse(await readJson(objectKeys.window(model, windowEnd, 'profile.json'), services)).data;

/** What there is to know of a model's latest windows, the given one the newest of them. */
export const gatherDriftFacts = async (
  model: string,
  services: Needs,
  known?: KnownWindow,
): Promise<DriftReportFacts> => {
  const { registry, alarms } = services;
  const limit = maxShownWindows;
  const [kept, realised, decisions, reigns, states] = await Promise.all([
    registry.listWindows(model, { limit }),
    registry.listRealisedWindows(model, { limit }),
    registry.listDecisions(model, { limit: maxDecisions }),
    registry.listReigns(model),
    alarms?.states(model),
  ]);
  const newest = known?.record ?? kept[0];
  const windows =
    newest === undefined ? [] : [newest, ...kept.filter(({ windowEnd }) => windowEnd < newest.windowEnd)];
  const judged = windows.find(({ outcome }) => outcome === 'judged');
  return {
    model,
    windows,
    realised,
    decisions,
    reigns,
    ...(states && { alarms: states }),
    baseline: known?.baseline ?? (judged && (await readBaselineOf(model, judged.version, services))),
    profile: known?.profile ?? (judged && (await readWindowProfile(judged, services))),
  };
};

/**
 * Keeps drift.html of a window that was judged; of any other there is nothing to draw. Written once: again it changes
 * nothing, so that a look that crashed may be repeated. Labels that come later are in the pages of later windows.
 */
export const writeDriftReport = async (known: KnownWindow, services: Needs): Promise<void> => {
  const { model, windowEnd, outcome } = known.record;
  if (outcome !== 'judged') return;
  const key = objectKeys.window(model, windowEnd, 'drift.html');
  if ((await services.objects.head(key)) !== undefined) return;
  await services.objects.putIfAbsent(key, renderDriftReport(await gatherDriftFacts(model, services, known)));
};
