import type { ModelSpec } from '../model-spec/index.ts';

export type RollOutStep =
  | { readonly kind: 'shadow'; readonly minutes: number }
  | { readonly kind: 'canary'; readonly percent: number; readonly minutes: number }
  | { readonly kind: 'promote' };

/** The steps from approved to champion, always ending in `promote`. Without a champion there is nothing to compare with: promote at once. */
export const rollOutPlan = (
  rollOut: ModelSpec['rollOut'],
  options: { readonly hasChampion: boolean },
): readonly RollOutStep[] => {
  if (!options.hasChampion) return [{ kind: 'promote' }];
  const shadow: RollOutStep[] =
    rollOut.shadowMinutes > 0 ? [{ kind: 'shadow', minutes: rollOut.shadowMinutes }] : [];
  const canary: RollOutStep[] =
    rollOut.strategy === 'canary' ? rollOut.steps.map((step) => ({ kind: 'canary', ...step })) : [];
  return [...shadow, ...canary, { kind: 'promote' }];
};
