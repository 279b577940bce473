import type { Run } from '../lib/domain/registry/index.ts';
import type { Services } from './services.ts';

const named = (version: number | undefined): string =>
  version === undefined ? 'no version' : `version ${version}`;

/**
 * Why what a run's gates said no longer tells whether its version is better than the one that serves; `undefined` while
 * that is the one it was compared with. Of two runs side by side the other may have been rolled out, or rolled back.
 */
export const changedChampion = async (
  { model, comparedWith }: Pick<Run, 'model' | 'comparedWith'>,
  version: number,
  { registry }: Pick<Services, 'registry'>,
): Promise<string | undefined> => {
  const { champion } = await registry.getRoute(model);
  if (champion === comparedWith || champion === version) return undefined;
  return `it was compared with ${named(comparedWith)}, and ${named(champion)} serves by now`;
};
