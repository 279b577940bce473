import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MillraceError } from '../wire/errors.ts';
import type { Settings } from '../wire/settings.ts';

/**
 * The folder that `npm run build` fills, once it is known to hold code for the architecture of the settings: native
 * libraries of the other one would fail at the first call. Throws BUNDLES_MISSING.
 */
export const builtBundles = (folder: string, { architecture, stage }: Settings): string => {
  const manifest = path.join(folder, 'manifest.json');
  if (!existsSync(manifest)) throw new MillraceError('BUNDLES_MISSING', 'dist/functions holds no build');
  const built: unknown = JSON.parse(readFileSync(manifest, 'utf8')).architecture;
  if (built !== architecture)
    throw new MillraceError(
      'BUNDLES_MISSING',
      `dist/functions is built for ${built}, expected ${architecture}, as the settings of ${stage} say`,
    );
  return folder;
};
