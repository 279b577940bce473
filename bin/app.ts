import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { readCodeVersion } from '../lib/laptop/code-version.ts';
import { builtBundles } from '../lib/stacks/built-bundles.ts';
import { MillraceStack } from '../lib/stacks/millrace-stack.ts';
import { settingsOf } from '../lib/stacks/settings-file.ts';
import { isMillraceError } from '../lib/wire/errors.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Settings, app, stack: what `cdk` calls. */
try {
  const app = new App();
  const settings = settingsOf(app.node, path.join(root, 'settings'));
  const bundlesFolder = builtBundles(path.join(root, 'dist/functions'), settings);
  new MillraceStack(app, { settings, bundlesFolder, codeVersion: readCodeVersion() });
  app.synth();
} catch (error) {
  if (!isMillraceError(error)) throw error;
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
}
