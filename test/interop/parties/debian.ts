import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installing programs on somebody's machine unasked is not ours to do: only as root, on Debian, in CI. */
const mayInstall = (): boolean =>
  process.env.CI === 'true' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

const aptGet = (...words: readonly string[]): boolean =>
  spawnSync('apt-get', [...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 120_000,
  }).status === 0;

/** Installs Debian packages where that is allowed; false where it is not, or did not work. */
export const installPackages = (...packages: readonly string[]): boolean => {
  if (!mayInstall()) return false;
  console.log(`Installing ${packages.join(', ')} …`);
  return aptGet('update', '-q') && aptGet('install', '-q', '-y', '--no-install-recommends', ...packages);
};
