import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installPackages } from './debian.ts';
import type { Party } from './party.ts';

const program = '/usr/bin/chromium';
const name = 'Chromium';

/** The browser people have, driven by playwright-core, which brings none of its own. */
export const prepareChromium = (): Party => {
  if (!existsSync(program) && !installPackages('chromium'))
    return { name, isReady: false, because: `${program} is not there (on Debian: apt-get install chromium)` };
  const { status, stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0)
    return {
      name,
      isReady: false,
      because: `${program} --version failed: ${stderr.trim().split('\n').at(-1)}`,
    };
  return { name, isReady: true, program, versions: stdout.trim() };
};
