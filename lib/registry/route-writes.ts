import { keys, ModelVersion, Verdict } from '../domain/registry/index.ts';
import { noRoute, type Reign, Route, type RouteView } from '../domain/routing/index.ts';
import type { RecordCheck, RecordWrite } from '../ports/record-store.ts';
import { MillraceError } from '../wire/errors.ts';
import { type AuditNote, auditWrite } from './audit.ts';
import type { RegistryContext } from './context.ts';
import { type Found, find, toBody, unchangedSince } from './records.ts';
import { versionUnknown } from './versions.ts';

/** `changed: false`: the route said so already, and nothing was written. */
export interface MovedRoute {
  readonly changed: boolean;
  readonly route: RouteView;
}

export type FoundRoute = Found<Route> | undefined;

const viewOf = (route: Route, revision: number): RouteView => {
  const previousChampion = route.formerChampions[0];
  return { ...route, ...(previousChampion !== undefined && { previousChampion }), revision };
};

export const findRoute = (context: RegistryContext, model: string): Promise<FoundRoute> =>
  find(context.records, keys.route(model), Route);

export const requireRevision = (model: string, found: FoundRoute, expected: number) => {
  const revision = found?.revision ?? 0;
  if (revision !== expected)
    throw new MillraceError(
      'RECORD_CONFLICT',
      `the route of "${model}" is at revision ${revision}, expected ${expected}`,
      { model, revision, expected },
    );
};

/** Holds, in the transaction, that the version is approved. Throws VERSION_UNKNOWN, VERSION_NOT_APPROVED. */
export const approvedCheck = async (
  context: RegistryContext,
  model: string,
  version: number,
): Promise<RecordCheck> => {
  if ((await find(context.records, keys.version(model, version), ModelVersion)) === undefined)
    throw versionUnknown(model, version);
  const verdict = await find(context.records, keys.verdict(model, version), Verdict);
  if (verdict?.body.status !== 'approved')
    throw new MillraceError(
      'VERSION_NOT_APPROVED',
      `version ${version} of "${model}" is ${verdict?.body.status ?? 'not decided on'}, expected approved`,
      { model, version },
    );
  return { ...keys.verdict(model, version), check: unchangedSince(verdict) };
};

/** Writes a route, its line of audit and whatever else belongs to the move, or none of it. */
export const writeRoute = async (
  context: RegistryContext,
  move: { readonly found: FoundRoute; readonly to: Route; readonly note: AuditNote },
  also: readonly (RecordWrite | RecordCheck)[] = [],
): Promise<MovedRoute> => {
  const { found, to, note } = move;
  const from = found?.body ?? noRoute;
  await context.records.transact([
    { ...keys.route(note.model), body: toBody(to), condition: unchangedSince(found) },
    auditWrite(context, { ...note, details: { from: toBody(from), to: toBody(to) } }),
    ...also,
  ]);
  return { changed: true, route: viewOf(to, (found?.revision ?? 0) + 1) };
};

export const reignWrite = (model: string, found: FoundRoute, reign: Reign): RecordWrite => ({
  ...keys.reign(model, (found?.revision ?? 0) + 1),
  body: toBody(reign),
  condition: 'absent',
});

export const unchanged = (found: FoundRoute): MovedRoute => ({
  changed: false,
  route: viewOf(found?.body ?? noRoute, found?.revision ?? 0),
});
