import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { MillraceStack } from '../../lib/stacks/millrace-stack.ts';
import { bundleNameOf, functionNames } from '../../lib/wire/functions.ts';
import { readSettings } from '../../lib/wire/settings.ts';

// CDK's own validation takes two seconds a template; one test runs it, and `npm run synth` always does.
process.env.CDK_VALIDATION ??= 'false';

const root = path.resolve(import.meta.dirname, '../..');

/** The flags of cdk.json, so that tests see the template that is deployed. */
const flags: Record<string, unknown> = JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8')).context;

/** A folder with a bundle for each function, and nothing in them. */
export const emptyBundles = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-bundles-'));
  for (const name of functionNames) {
    mkdirSync(path.join(folder, bundleNameOf(name)), { recursive: true });
    writeFileSync(path.join(folder, bundleNameOf(name), `${name}.js`), '');
  }
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** An app with the stack of these settings in it, not yet synthesised. */
export const appOf = (settings: unknown, bundlesFolder: string = emptyBundles()) => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'millrace-synth-'));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  const context = { ...flags, 'aws:cdk:bundling-stacks': [] };
  const app = new App({ context, analyticsReporting: false, outdir });
  const stack = new MillraceStack(app, {
    settings: readSettings(settings),
    bundlesFolder,
    codeVersion: '0.0.0-test',
  });
  return { app, stack };
};

/** The template of a stage with these settings. Takes about a second: synthesise once a file and share. */
export const templateOf = (settings: unknown): Template => Template.fromStack(appOf(settings).stack);
