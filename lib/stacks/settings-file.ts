import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node } from 'constructs';
import { MillraceError } from '../wire/errors.ts';
import { findJsonFault } from '../wire/json-fault.ts';
import { readSettings, Settings } from '../wire/settings.ts';

/** Whoever knows what was given by `-c`: an app's node, or the build. */
type Context = Pick<Node, 'tryGetContext'>;

/** Given as they stand on the command line; every other setting is read as JSON, so that numbers stay numbers. */
const textKeys: readonly string[] = ['account', 'region', 'architecture', 'whenDestroyed', 'trainerImage'];

const invalid = (what: string): MillraceError => new MillraceError('SETTINGS_INVALID', what);

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

const readFile = (folder: string, stage: string): Record<string, unknown> => {
  const file = path.join(folder, `${stage}.json`);
  if (!existsSync(file)) {
    const stages = readdirSync(folder).flatMap((name) => /^([a-z0-9]+)\.json$/.exec(name)?.[1] ?? []);
    throw invalid(`there is no settings/${stage}.json, expected a stage with a file: ${stages.join(', ')}`);
  }
  const text = readFileSync(file, 'utf8');
  const fault = findJsonFault(text);
  if (fault !== undefined)
    throw invalid(
      `settings/${stage}.json is not JSON: line ${fault.line}, column ${fault.column}: expected ${fault.expected}, not ${fault.came}`,
    );
  const given: unknown = JSON.parse(text);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(`settings/${stage}.json does not fit: expected an object`);
  return { ...given };
};

/**
 * The settings of the stage that `-c stage=…` names (default: dev), from `settings/<stage>.json` and what else `-c` names.
 * Throws SETTINGS_INVALID.
 */
export const settingsOf = (context: Context, folder: string): Settings => {
  const { stage } = readSettings({ stage: context.tryGetContext('stage') ?? 'dev' }, '-c stage');
  const given = readFile(folder, stage);
  if (given.stage !== undefined && given.stage !== stage)
    throw invalid(
      `settings/${stage}.json does not fit: stage: expected "${stage}", as the file is named, not ${JSON.stringify(given.stage)}`,
    );
  return readSettings({ ...given, ...overridesIn(context), stage }, `settings/${stage}.json`);
};
