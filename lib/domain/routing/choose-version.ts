import type { Route } from './route.ts';

export interface ChosenVersion {
  readonly version: number;
  readonly role: 'champion' | 'canary';
  /** Also to be run on the same input, its answer captured and not shown. */
  readonly shadow?: number;
}

/**
 * 32 bits of FNV-1a over UTF-16 units with MurmurHash3's finaliser, as a number in [0, 1): even enough for shares of
 * traffic at a fraction of a microsecond. Not for secrets. FNV-1a alone leaves the high bits of short keys uneven.
 */
const fractionOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/**
 * Which version answers: by a routing key (text: the same key always gets the same version, and stays with the canary
 * as its share grows) or by a draw in [0, 1). The canary's number salts the hash, so that each roll-out is tried on
 * other people. `undefined` when the model has no champion.
 */
export const chooseVersion = (route: Route, by: string | number): ChosenVersion | undefined => {
  if (route.champion === undefined) return undefined;
  const shadow = route.shadow === undefined ? {} : { shadow: route.shadow };
  const { canary } = route;
  if (canary !== undefined) {
    const draw = typeof by === 'number' ? by : fractionOf(`${canary.version}/${by}`);
    if (draw * 100 < canary.percent) return { version: canary.version, role: 'canary', ...shadow };
  }
  return { version: route.champion, role: 'champion', ...shadow };
};
