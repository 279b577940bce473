import path from 'node:path';
import { execute } from './execute.ts';
import type { Party } from './party.ts';
import { preparePythonEnvironment } from './python-environment.ts';

/** A stand-in for AWS from PyPI, without Docker. Its certificate is made by OpenSSL's program. */
export const prepareMinistack = (folder: string): Party => {
  const openssl = execute('openssl', ['version'], { timeoutSeconds: 20 });
  if (!openssl.isDone)
    return { name: 'MiniStack', isReady: false, because: `openssl is not there: ${openssl.text}` };
  return preparePythonEnvironment({
    name: 'MiniStack',
    folder,
    requirementsFile: path.resolve(import.meta.dirname, '../requirements-ministack.txt'),
    versionsScript: `from importlib.metadata import version
import ministack.app
print(f"MiniStack {version('ministack')}, jsonata-python {version('jsonata-python')}")`,
  });
};
