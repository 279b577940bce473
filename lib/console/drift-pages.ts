import type { WindowRecord } from '../domain/drift/index.ts';
import { isMillraceError, MillraceError } from '../wire/errors.ts';
import { objectKeys } from '../wire/object-keys.ts';
import { reportResponse } from './page.ts';
import type { DriftServices } from './services.ts';

/** Windows looked through for one that was asked for: what is older is told by the command line. */
const maxWindows = 100;

const isJudged = ({ outcome }: WindowRecord): boolean => outcome === 'judged';

/** The newest window that was judged, of the latest hundred: the one with a page. */
export const newestJudged = async (
  model: string,
  { registry }: Pick<DriftServices, 'registry'>,
): Promise<WindowRecord | undefined> =>
  (await registry.listWindows(model, { limit: maxWindows })).find(isJudged);

const serve = async (window: WindowRecord, { objects }: DriftServices): Promise<Response> => {
  const { model, windowEnd } = window;
  try {
    // The key is that of a record, never of the address: what somebody typed names no object.
    const page = await objects.get(objectKeys.window(model, windowEnd, 'drift.html'));
    return reportResponse(new Uint8Array(page));
  } catch (error) {
    if (!isMillraceError(error, 'OBJECT_NOT_FOUND')) throw error;
    throw new MillraceError('ADDRESS_UNKNOWN', `the window until ${windowEnd} of "${model}" has no page`);
  }
};

/** drift.html as it was kept: of the newest judged window, or of the one that ends at the moment asked for. */
export const driftResponse = async (
  model: string,
  windowEnd: string | undefined,
  services: DriftServices,
): Promise<Response> => {
  const windows = await services.registry.listWindows(model, { limit: maxWindows });
  const window = windows.find((one) =>
    windowEnd === undefined ? isJudged(one) : one.windowEnd === windowEnd,
  );
  if (window === undefined)
    throw new MillraceError('ADDRESS_UNKNOWN', `"${model}" has no such window that was judged`);
  return serve(window, services);
};
