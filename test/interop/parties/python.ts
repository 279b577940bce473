import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './debian.ts';
import type { Party } from './party.ts';

const requirementsFile = path.resolve(import.meta.dirname, '../requirements.txt');
const name = 'Python';

interface Outcome {
  readonly isDone: boolean;
  /** What it printed when it worked; else the last line of its complaint. */
  readonly text: string;
}

const execute = (program: string, words: readonly string[], timeoutSeconds: number): Outcome => {
  const { status, stdout, stderr, error } = spawnSync(program, [...words], {
    encoding: 'utf8',
    timeout: timeoutSeconds * 1000,
  });
  if (status === 0) return { isDone: true, text: stdout.trim() };
  const complaint = error?.message ?? (stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1));
  return { isDone: false, text: complaint ?? `ended with ${status}` };
};

/** Makes the environment anew: half of one left by an interrupted run is worth nothing. */
const makeEnvironment = (folder: string): Outcome => {
  rmSync(folder, { recursive: true, force: true });
  const make = () => execute('python3', ['-m', 'venv', folder], 60);
  const first = make();
  return first.isDone || !installPackages('python3', 'python3-venv') ? first : make();
};

const installRequirements = (program: string): Outcome =>
  execute(program, ['-m', 'pip', 'install', '--quiet', '--no-input', '-r', requirementsFile], 150);

/** Asks the packages themselves: also proof that they can be imported. */
const versionsScript = `import platform, sklearn, numpy, onnx, skl2onnx
print(f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, "
      f"onnx {onnx.__version__}, skl2onnx {skl2onnx.__version__}")`;

const missing = (because: string): Party => ({ name, isReady: false, because });

/** A Python with the pinned requirements in `folder`, made there once and kept while the requirements stay the same. */
export const preparePython = (folder: string): Party => {
  const program = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const hashFile = path.join(folder, 'requirements.sha256');
  const hash = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex');
  const isCurrent = existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hash;
  if (!isCurrent) {
    console.log(`Preparing ${folder} …`);
    const made = makeEnvironment(folder);
    if (!made.isDone) return missing(`python3 -m venv: ${made.text}`);
    const installed = installRequirements(program);
    if (!installed.isDone) return missing(`pip install -r test/interop/requirements.txt: ${installed.text}`);
  }
  const versions = execute(program, ['-c', versionsScript], 60);
  if (!versions.isDone) {
    rmSync(hashFile, { force: true });
    return missing(`its packages cannot be imported: ${versions.text}`);
  }
  writeFileSync(hashFile, hash);
  return { name, isReady: true, program, versions: versions.text };
};
