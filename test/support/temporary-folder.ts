import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  /** Removes the folder and all in it; harmless when done twice. */
  remove(): void;
}

/** A fresh, empty folder for one test; call `remove()` in `afterEach` or `onTestFinished`. */
export const temporaryFolder = (): TemporaryFolder => {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'millrace-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
