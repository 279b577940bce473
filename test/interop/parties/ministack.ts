import path from 'node:path';
import { installPackages } from './debian.ts';
import { execute } from './execute.ts';
import type { Party } from './party.ts';
import { preparePythonEnvironment } from './python-environment.ts';

/** A stand-in for AWS from PyPI, without Docker. Its certificate is made by OpenSSL's program. */
export const prepareMinistack = (folder: string): Party => {
  const hasOpenssl = () => execute('openssl', ['version'], { timeoutSeconds: 20 }).isDone;
  if (!hasOpenssl() && !(installPackages('openssl') && hasOpenssl()))
    return {
      name: 'MiniStack',
      isReady: false,
      because: 'openssl is not there (on Debian: apt-get install openssl)',
    };
  return preparePythonEnvironment({
    name: 'MiniStack',
    folder,
    requirementsFile: path.resolve(import.meta.dirname, '../requirements-ministack.txt'),
    versionsScript: `from importlib.metadata import version
import ministack.app
print(f"MiniStack {version('ministack')}, jsonata-python {version('jsonata-python')}")`,
  });
};
