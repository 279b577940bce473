import * as z from 'zod';

const VersionNumber = z.int().min(1);

export const Route = z.object({
  champion: VersionNumber.optional(),
  /** The challenger that answers a share of the traffic. */
  canary: z.object({ version: VersionNumber, percent: z.number().gt(0).lt(100) }).optional(),
  /** The challenger that answers beside the champion, unseen. */
  shadow: VersionNumber.optional(),
  /** Champions before this one that roll-back can return to, newest first, each once; never the champion. */
  formerChampions: z.array(VersionNumber),
});
/** Which versions of a model answer. The only thing that decides what is live. */
export type Route = z.infer<typeof Route>;

/** A route as it was read: moves name the `revision` they saw. 0: no route yet. */
export type RouteView = Route & { readonly previousChampion?: number; readonly revision: number };

export const noRoute: Route = { formerChampions: [] };

export const Reign = z.object({
  version: VersionNumber,
  since: z.string(),
  via: z.enum(['promotion', 'roll-back']),
  by: z.string(),
  why: z.string(),
});
/** One line in the history of champions. */
export type Reign = z.infer<typeof Reign>;
