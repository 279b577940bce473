import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { onTestFinished } from 'vitest';
import { MillraceStack } from '../../lib/stacks/millrace-stack.ts';
import { bundleNameOf, functionNames } from '../../lib/wire/functions.ts';
import { readSettings } from '../../lib/wire/settings.ts';

// CDK's own validation takes four seconds a template; one test runs it, and `npm run synth` always does.
process.env.CDK_VALIDATION ??= 'false';

const root = path.resolve(import.meta.dirname, '../..');

/** The flags of cdk.json, so that tests see the template that is deployed. */
const flags: Record<string, unknown> = JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8')).context;

/** A folder with a bundle for each function, and nothing in them. */
const emptyBundlesIn = (scratch: string): string => {
  const folder = path.join(scratch, 'bundles');
  for (const name of functionNames) {
    mkdirSync(path.join(folder, bundleNameOf(name)), { recursive: true });
    writeFileSync(path.join(folder, bundleNameOf(name), `${name}.js`), '');
  }
  return folder;
};

/** The stages that most tests are about: few, because each takes a third of a second of work. */
export const stages = {
  /** As a newcomer deploys it. */
  cheap: {},
  /** With everything turned on that adds a resource, and data that is kept. */
  guarded: {
    stage: 'prod',
    customerManagedKey: true,
    dashboard: true,
    monthlyBudgetUsd: 20,
    logRetentionDays: 365,
    notificationEmails: ['ada@example.org', 'bo@example.org'],
    frontDoor: {
      kind: 'http-api',
      auth: { kind: 'jwt', issuer: 'https://id.example.org/', audience: ['millrace'] },
    },
  },
  /** With everything that brings a function a variable of its own. */
  keyed: {
    customerManagedKey: true,
    trainerImage: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/trainer:1',
  },
  /** Without a page: people decide by command. */
  withoutPage: { frontDoor: { kind: 'function-url' } },
  /** With every number changed that a setting can change. */
  tuned: {
    architecture: 'x86_64',
    functions: { 'train-model': { memoryMb: 10_240, timeoutSeconds: 600 } },
    frontDoor: { kind: 'http-api', throttle: { requestsPerSecond: 7, burst: 9 } },
    monitorEveryHours: 6,
    stuckAfterHours: 72,
  },
} as const;

const makeStage = (settings: unknown, scratch: string) => {
  const app = new App({
    context: { ...flags, 'aws:cdk:bundling-stacks': [] },
    analyticsReporting: false,
    outdir: path.join(scratch, 'out'),
  });
  const stack = new MillraceStack(app, {
    settings: readSettings(settings),
    bundlesFolder: emptyBundlesIn(scratch),
    codeVersion: '0.0.0-test',
  });
  return { app, stack };
};

const makeScratch = (): string => mkdtempSync(path.join(tmpdir(), 'millrace-synth-'));
const remove = (scratch: string): void => rmSync(scratch, { recursive: true, force: true });

/** An app with the stack of these settings in it, not yet synthesised; its folder goes when the test that asked is over. */
export const appOf = (settings: unknown, whenOver: (cleanUp: () => void) => void = onTestFinished) => {
  const scratch = makeScratch();
  whenOver(() => remove(scratch));
  return makeStage(settings, scratch);
};

type Stage = ReturnType<typeof makeStage> & { readonly template: Template };

const synthesise = (settings: unknown): Stage => {
  const scratch = makeScratch();
  try {
    const { app, stack } = makeStage(settings, scratch);
    return { app, stack, template: Template.fromStack(stack) };
  } finally {
    remove(scratch);
  }
};

const synthesised = new Map<string, Stage>();

/** A stage with these settings and its template, made once for all tests of this folder, which only look at it. */
export const stageOf = (settings: unknown): Stage => {
  const key = JSON.stringify(settings);
  const stage = synthesised.get(key) ?? synthesise(settings);
  synthesised.set(key, stage);
  return stage;
};

/** The template of a stage with these settings. */
export const templateOf = (settings: unknown): Template => stageOf(settings).template;
