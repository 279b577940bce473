import { lists } from '../domain/registry/index.ts';
import {
  noRoute,
  promoted,
  Reign,
  type RouteView,
  rolledBack,
  withCanary,
  withoutChallenger,
  withShadow,
} from '../domain/routing/index.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { listAll, untilWon } from './records.ts';
import {
  approvedCheck,
  findRoute,
  type MovedRoute,
  reignWrite,
  requireRevision,
  unchanged,
  writeRoute,
} from './route-writes.ts';

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
