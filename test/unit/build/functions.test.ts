import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../../../build/functions.ts');

describe('npm run build', () => {
  it.each([
    [['--architecture', 'mips'], 'BUILD_USAGE_WRONG: --architecture: expected arm64 or x86_64, not "mips"'],
    [
      ['--architecture', 'arm64', '--only', 'nothing'],
      'BUILD_USAGE_WRONG: --only: no function or bundle is called',
    ],
    [['--wide'], "BUILD_USAGE_WRONG: Unknown option '--wide'"],
    [['--stage', 'nowhere'], 'SETTINGS_INVALID: there is no settings/nowhere.json'],
  ])('says what is wrong with %j, in one line, and builds nothing', (words, expected) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], { encoding: 'utf8' });

    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
