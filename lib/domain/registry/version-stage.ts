import type { Route } from '../routing/route.ts';
import type { Verdict } from './model-version.ts';

export type VersionStage =
  | 'champion'
  | 'canary'
  | 'shadow'
  | 'former-champion'
  | 'approved'
  | 'rejected'
  | 'expired'
  | 'registered';

/** Where a version stands: what it does now comes before what it did, and that before what was said of it. */
export const stageOf = (
  version: number,
  known: { readonly route: Route; readonly verdict: Verdict | undefined; readonly hasReigned: boolean },
): VersionStage => {
  const { route, verdict, hasReigned } = known;
  if (route.champion === version) return 'champion';
  if (route.canary?.version === version) return 'canary';
  if (route.shadow === version) return 'shadow';
  if (hasReigned) return 'former-champion';
  return verdict?.status ?? 'registered';
};
