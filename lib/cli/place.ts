import type { Command } from 'commander';
import { MillraceError } from '../wire/errors.ts';

/** A folder on this machine that holds everything. */
export interface HomePlace {
  readonly kind: 'home';
  readonly home: string;
}

/** A deployed stack. */
export interface StagePlace {
  readonly kind: 'stage';
  readonly stage: string;
  /** @default - AWS_REGION, then the region of your AWS profile */
  readonly region?: string;
}

/** Where a command works. */
export type Place = HomePlace | StagePlace;

const readStageName = (stage: string): string => {
  if (/^[a-z][a-z0-9]{0,15}$/.test(stage)) return stage;
  throw new MillraceError(
    'USAGE_WRONG',
    `--stage is "${stage}", expected 1 to 16 lower-case letters and digits, starting with a letter`,
  );
};

/** What the global options and variables name. An option typed beats a variable; two options typed contradict. */
export const placeOf = (command: Command): Place => {
  const { home, stage, region } = command.optsWithGlobals<{
    home: string;
    stage?: string;
    region?: string;
  }>();
  const isTyped = (option: string) => command.getOptionValueSourceWithGlobals(option) === 'cli';
  if (stage === undefined || stage === '') return { kind: 'home', home };
  if (isTyped('home') && isTyped('stage'))
    throw new MillraceError('USAGE_WRONG', 'both --home and --stage are given, expected one of them');
  if (isTyped('home')) return { kind: 'home', home };
  return { kind: 'stage', stage: readStageName(stage), ...(region && { region }) };
};

/** The stage a command for deployed stacks works on. Throws USAGE_WRONG when none is named. */
export const requireStage = (command: Command): StagePlace => {
  const place = placeOf(command);
  if (place.kind === 'stage') return place;
  throw new MillraceError(
    'USAGE_WRONG',
    `\`millrace ${command.name()}\` works on a deployed stack, expected --stage <stage> or MILLRACE_STAGE`,
  );
};

/** The folder a command for this machine works on. Throws USAGE_WRONG when a stage is named. */
export const requireHome = (command: Command): string => {
  const place = placeOf(command);
  if (place.kind === 'home') return place.home;
  throw new MillraceError(
    'USAGE_WRONG',
    `\`millrace ${command.name()}\` works on this machine, not on the stage "${place.stage}"; expected no --stage and no MILLRACE_STAGE`,
  );
};
