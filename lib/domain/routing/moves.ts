import { MillraceError } from '../../wire/errors.ts';
import { noRoute, type Route } from './route.ts';

/** How many former champions a route remembers; older ones can still be named in a roll-back. */
const maxFormerChampions = 20;

/** The route with `version` as champion. Whatever was being tried out ends: it was compared with another champion. */
export const promoted = (route: Route, version: number): Route => {
  if (route.champion === undefined) return { ...noRoute, champion: version };
  if (route.champion === version) return { champion: version, formerChampions: route.formerChampions };
  const former = [route.champion, ...route.formerChampions].filter((one) => one !== version);
  return { champion: version, formerChampions: former.slice(0, maxFormerChampions) };
};

const refuse = (what: string, route: Route): never => {
  throw new MillraceError('ROUTE_MOVE_INVALID', what, { route });
};

const requireChallenger = (route: Route, version: number, role: string) => {
  if (route.champion === undefined)
    refuse(`version ${version} cannot be ${role} where there is no champion to compare with`, route);
  if (route.champion === version)
    refuse(`version ${version} cannot be ${role} because it is the champion`, route);
};

/** The route with `version` answering `percent` (above 0, below 100) of the traffic. */
export const withCanary = (route: Route, version: number, percent: number): Route => {
  requireChallenger(route, version, 'canary');
  if (!(percent > 0 && percent < 100))
    refuse(`canary share is ${percent} %, expected above 0 and below 100`, route);
  const { shadow, ...rest } = route;
  const stillInShadow = shadow === undefined || shadow === version ? {} : { shadow };
  return { ...rest, ...stillInShadow, canary: { version, percent } };
};

/** The route with `version` answering unseen, beside the champion. */
export const withShadow = (route: Route, version: number): Route => {
  requireChallenger(route, version, 'shadow');
  if (route.canary?.version === version) refuse(`version ${version} is canary already`, route);
  return { ...route, shadow: version };
};

/** The route without `version` as canary or shadow; without a version, nothing is being tried out. */
export const withoutChallenger = (route: Route, version?: number): Route => {
  const { canary, shadow, ...rest } = route;
  if (version === undefined) return rest;
  return {
    ...rest,
    ...(canary !== undefined && canary.version !== version && { canary }),
    ...(shadow !== undefined && shadow !== version && { shadow }),
  };
};

/** The route back at `to`, or at the champion before this one. The one left behind is no longer a former champion. */
export const rolledBack = (route: Route, to?: number): Route => {
  const target = to ?? route.formerChampions[0];
  if (route.champion === undefined || target === undefined)
    throw new MillraceError(
      'NOTHING_TO_ROLL_BACK',
      route.champion === undefined
        ? 'there is no champion to roll back from'
        : `champion ${route.champion} has no champion before it`,
      { route },
    );
  const at = route.formerChampions.indexOf(target);
  return { champion: target, formerChampions: route.formerChampions.slice(at + 1) };
};
