import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node } from 'constructs';
import { MillraceError } from '../wire/errors.ts';
import { findJsonFault } from '../wire/json-fault.ts';
import { parseSettingsFile, readSettings, Settings } from '../wire/settings.ts';

/** Whoever knows what was given by `-c`: an app's node, or the build. */
type Context = Pick<Node, 'tryGetContext'>;

/** Given as they stand on the command line; every other setting is read as JSON, so that numbers stay numbers. */
const textKeys: readonly string[] = ['account', 'region', 'architecture', 'whenDestroyed', 'trainerImage'];

const givenValue = (key: string, given: unknown): unknown => {
  if (typeof given !== 'string' || textKeys.includes(key)) return given;
  return findJsonFault(given) === undefined ? JSON.parse(given) : given;
};

/** Settings named one by one: `-c region=eu-central-1 -c dashboard=true`. */
const overridesIn = (context: Context): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(Settings.shape)
      .filter((key) => key !== 'stage' && key !== '$schema')
      .map((key) => [key, givenValue(key, context.tryGetContext(key))] as const)
      .filter(([, value]) => value !== undefined),
  );

const readFile = (folder: string, stage: string): string => {
  const file = path.join(folder, `${stage}.json`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const stages = readdirSync(folder).flatMap((name) => /^([a-z0-9]+)\.json$/.exec(name)?.[1] ?? []);
  throw new MillraceError(
    'SETTINGS_INVALID',
    `there is no settings/${stage}.json, expected a stage with a file: ${stages.join(', ')}`,
  );
};

/**
 * The settings of the stage that `-c stage=…` names (default: dev), from `settings/<stage>.json` and what else `-c` names.
 * Throws SETTINGS_INVALID.
 */
export const settingsOf = (context: Context, folder: string): Settings => {
  const { stage } = readSettings({ stage: context.tryGetContext('stage') ?? 'dev' }, '-c stage');
  const overrides = overridesIn(context);
  return parseSettingsFile(readFile(folder, stage), { stage, file: `settings/${stage}.json`, overrides });
};
