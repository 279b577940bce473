import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode } from '../../../lib/adapters/shared/disk-full.ts';
import { temporaryFolder } from '../../support/index.ts';

export interface SmallDisk {
  readonly path: string;
  /** Leaves so many kilobytes free. */
  readonly fill: (freeKb: number) => void;
  readonly free: () => void;
  readonly remove: () => void;
}

/** A disk of 8 MB in memory, or why this machine cannot have one. */
export const smallDisk = (): SmallDisk | { readonly because: string } => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { because: 'only root on Linux may mount a small disk' };
  const folder = temporaryFolder();
  const at = path.join(folder.path, 'disk');
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', at], { stdio: 'pipe' });
  } catch (error) {
    folder.remove();
    return { because: `a small disk cannot be mounted here: ${error}` };
  }
  const ballast = path.join(at, 'ballast');
  return {
    path: at,
    fill: (freeKb) => {
      const { bfree, bsize } = statfsSync(at);
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bfree * bsize - freeKb * 1024)));
      } catch (error) {
        // Somebody else wrote meanwhile: it is full.
        if (errorCode(error) !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', ['-l', at]);
      folder.remove();
    },
  };
};
