import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './debian.ts';
import { execute, type Outcome } from './execute.ts';
import type { Party } from './party.ts';

/** Makes the environment anew: half of one left by an interrupted run is worth nothing. */
const makeEnvironment = (folder: string): Outcome => {
  rmSync(folder, { recursive: true, force: true });
  const make = () => execute('python3', ['-m', 'venv', folder], { timeoutSeconds: 60 });
  const first = make();
  return first.isDone || !installPackages('python3', 'python3-venv') ? first : make();
};

/** A Python with pinned requirements in `folder`, made there once and kept while the requirements stay the same. */
export const preparePythonEnvironment = (options: {
  readonly name: string;
  readonly folder: string;
  readonly requirementsFile: string;
  /** The file names the whole closure, so that nothing else is to be fetched. @default false */
  readonly isClosed?: boolean;
  /** Prints the versions by asking the packages themselves: also proof that they can be imported. */
  readonly versionsScript: string;
}): Party => {
  const { name, folder, requirementsFile, isClosed = false, versionsScript } = options;
  const missing = (because: string): Party => ({ name, isReady: false, because });
  const program = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const hashFile = path.join(folder, 'requirements.sha256');
  const hash = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex');
  const isCurrent = existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hash;
  if (!isCurrent) {
    console.log(`Preparing ${folder} …`);
    const made = makeEnvironment(folder);
    if (!made.isDone) return missing(`python3 -m venv: ${made.text}`);
    const words = ['-m', 'pip', 'install', '--quiet', '--no-input', '-r', requirementsFile];
    // Of a large closure only the little that is imported is worth compiling, which the first import does.
    const closed = isClosed ? ['--no-deps', '--no-compile'] : [];
    const installed = execute(program, [...words, ...closed], { timeoutSeconds: 240 });
    if (!installed.isDone)
      return missing(`pip install -r ${path.basename(requirementsFile)}: ${installed.text}`);
  }
  const versions = execute(program, ['-c', versionsScript], { timeoutSeconds: 120 });
  if (!versions.isDone) {
    rmSync(hashFile, { force: true });
    return missing(`its packages cannot be imported: ${versions.text}`);
  }
  writeFileSync(hashFile, hash);
  return { name, isReady: true, program, versions: versions.text };
};
