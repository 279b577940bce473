import { keys, lists, ModelVersion, Verdict } from '../domain/registry/index.ts';
import {
  noRoute,
  promoted,
  Reign,
  Route,
  type RouteView,
  rolledBack,
  withCanary,
  withoutChallenger,
  withShadow,
} from '../domain/routing/index.ts';
import type { RecordCheck, RecordWrite } from '../ports/record-store.ts';
import { MillraceError } from '../wire/errors.ts';
import { type AuditNote, auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { type Found, find, listAll, toBody, unchangedSince, untilWon } from './records.ts';
import { versionUnknown } from './versions.ts';

interface Move {
  readonly model: string;
  readonly version: number;
  /** The revision of the route the decision was made on. Throws RECORD_CONFLICT when it has moved on. */
  readonly expectedRevision: number;
  readonly by: string;
  readonly why: string;
}
export type Promote = Move;
export type SetShadow = Move;
export interface SetCanary extends Move {
  /** Above 0, below 100. */
  readonly percent: number;
}
export interface AbortRollOut {
  readonly model: string;
  /** @default - whatever is being tried out */
  readonly version?: number;
  readonly by: string;
  readonly why: string;
}
export interface RollBack {
  readonly model: string;
  /** @default - the champion before this one */
  readonly to?: number;
  /** @default - the revision read at the start: of two people at once, one rolls back and the other is told */
  readonly expectedRevision?: number;
  readonly by: string;
  readonly reason: string;
}
/** `changed: false`: the route said so already, and nothing was written. */
export interface MovedRoute {
  readonly changed: boolean;
  readonly route: RouteView;
}

type FoundRoute = Found<Route> | undefined;

const viewOf = (route: Route, revision: number): RouteView => {
  const previousChampion = route.formerChampions[0];
  return { ...route, ...(previousChampion !== undefined && { previousChampion }), revision };
};

const findRoute = (context: RegistryContext, model: string): Promise<FoundRoute> =>
  find(context.records, keys.route(model), Route);

const requireRevision = (model: string, found: FoundRoute, expected: number) => {
  const revision = found?.revision ?? 0;
  if (revision !== expected)
    throw new MillraceError(
      'RECORD_CONFLICT',
      `the route of "${model}" is at revision ${revision}, expected ${expected}`,
      { model, revision, expected },
    );
};

/** Holds, in the transaction, that the version is approved. Throws VERSION_UNKNOWN, VERSION_NOT_APPROVED. */
const approvedCheck = async (
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
const writeRoute = async (
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

const reignWrite = (model: string, found: FoundRoute, reign: Reign): RecordWrite => ({
  ...keys.reign(model, (found?.revision ?? 0) + 1),
  body: toBody(reign),
  condition: 'absent',
});

const unchanged = (found: FoundRoute): MovedRoute => ({
  changed: false,
  route: viewOf(found?.body ?? noRoute, found?.revision ?? 0),
});

const promote = async (context: RegistryContext, request: Promote): Promise<MovedRoute> => {
  const { model, version, by, why } = request;
  const found = await findRoute(context, model);
  const route = found?.body ?? noRoute;
  const isDone = route.champion === version && route.canary === undefined && route.shadow === undefined;
  if (isDone) return unchanged(found);
  requireRevision(model, found, request.expectedRevision);
  const check = await approvedCheck(context, model, version);
  const note = { model, action: 'promoted', by, why, version };
  const reign = reignWrite(model, found, { version, since: nowOf(context), via: 'promotion', by, why });
  return writeRoute(context, { found, to: promoted(route, version), note }, [check, reign]);
};

const setCanary = async (context: RegistryContext, request: SetCanary): Promise<MovedRoute> => {
  const { model, version, percent, by, why } = request;
  const found = await findRoute(context, model);
  const route = found?.body ?? noRoute;
  if (route.canary?.version === version && route.canary.percent === percent) return unchanged(found);
  requireRevision(model, found, request.expectedRevision);
  const check = await approvedCheck(context, model, version);
  const note = { model, action: 'canary-set', by, why, version };
  return writeRoute(context, { found, to: withCanary(route, version, percent), note }, [check]);
};

const setShadow = async (context: RegistryContext, request: SetShadow): Promise<MovedRoute> => {
  const { model, version, by, why } = request;
  const found = await findRoute(context, model);
  const route = found?.body ?? noRoute;
  if (route.shadow === version) return unchanged(found);
  requireRevision(model, found, request.expectedRevision);
  const check = await approvedCheck(context, model, version);
  const note = { model, action: 'shadow-set', by, why, version };
  return writeRoute(context, { found, to: withShadow(route, version), note }, [check]);
};

const abortRollOut = async (context: RegistryContext, request: AbortRollOut): Promise<MovedRoute> => {
  const { model, by, why } = request;
  const found = await findRoute(context, model);
  const route = found?.body ?? noRoute;
  const version = request.version ?? route.canary?.version ?? route.shadow;
  const isTriedOut = version !== undefined && (route.canary?.version === version || route.shadow === version);
  if (!isTriedOut) return unchanged(found);
  const note = { model, action: 'roll-out-aborted', by, why, version };
  return writeRoute(context, { found, to: withoutChallenger(route, request.version), note });
};

const rollBack = async (context: RegistryContext, request: RollBack): Promise<MovedRoute> => {
  const { model, by, reason } = request;
  const found = await findRoute(context, model);
  const route = found?.body ?? noRoute;
  if (request.to !== undefined && request.to === route.champion) return unchanged(found);
  if (request.expectedRevision !== undefined) requireRevision(model, found, request.expectedRevision);
  const to = rolledBack(route, request.to);
  const version = to.champion ?? 0;
  const check = await approvedCheck(context, model, version);
  const note = { model, action: 'rolled-back', by, why: reason, version };
  const reign = reignWrite(model, found, {
    version,
    since: nowOf(context),
    via: 'roll-back',
    by,
    why: reason,
  });
  return writeRoute(context, { found, to, note }, [check, reign]);
};

/** Which version answers. Every move is one transaction: the route, its audit line, and a check that the version is approved. */
export const routeRegistry = (context: RegistryContext) => ({
  /** Revision 0 and no champion where nothing was promoted yet. */
  getRoute: async (model: string): Promise<RouteView> => unchanged(await findRoute(context, model)).route,
  /** Makes a version the champion and ends what was being tried out. Throws RECORD_CONFLICT, VERSION_UNKNOWN, VERSION_NOT_APPROVED. */
  promote: (request: Promote) => promote(context, request),
  /** Also throws ROUTE_MOVE_INVALID: no champion, or the version is it. */
  setCanary: (request: SetCanary) => setCanary(context, request),
  setShadow: (request: SetShadow) => setShadow(context, request),
  /** Takes a challenger off the route; does nothing when it is not there. */
  abortRollOut: (request: AbortRollOut) => untilWon(() => abortRollOut(context, request)),
  /** Back to the champion before this one, or to a named approved version. Throws NOTHING_TO_ROLL_BACK, RECORD_CONFLICT. */
  rollBack: (request: RollBack) => rollBack(context, request),
  /** Every champion there was, newest first. */
  listReigns: (model: string): Promise<readonly Reign[]> =>
    listAll(context.records, { partition: lists.reigns(model), direction: 'descending' }, Reign),
});
