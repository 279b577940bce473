import type { Profile } from '../../lib/domain/drift/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';
import { readWindowProfile } from './drift-report.ts';

/**
 * Keeps the counts of a window, in the bins of the baseline of the version that answered, and gives those that stand:
 * after a crash between this and the window's record these are the ones counted first, so that record and profile tell of
 * the same rows though more may have landed since.
 */
export const keepProfile = async (
  about: { readonly model: string; readonly windowEnd: string; readonly version: number },
  profile: Profile,
  services: Pick<Services, 'objects'>,
): Promise<Profile> => {
  const key = objectKeys.window(about.model, about.windowEnd, 'profile.json');
  const document = { schemaVersion: 1, ...about, ...profile };
  const { created } = await services.objects.putIfAbsent(key, JSON.stringify(document));
  const kept = created ? undefined : await readWindowProfile(about, services);
  return kept?.columns.length === profile.columns.length ? kept : profile;
};
