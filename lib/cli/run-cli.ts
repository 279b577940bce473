import path from 'node:path';
import { CommanderError } from 'commander';
import { awsFault } from '../cloud/aws-faults.ts';
import { isMillraceError, MillraceError } from '../wire/errors.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';

const faceOf = (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  if (!isMillraceError(error)) return { code: 'UNEXPECTED', message };
  return { code: error.name, message, details: error.details };
};

/** Says what went wrong, on stderr: as a sentence, or as JSON where the caller asked for JSON. */
const complain = (error: unknown, isJson: boolean, surroundings: Surroundings): void => {
  const { code, message, ...more } = faceOf(error);
  surroundings.err(
    isJson ? `${JSON.stringify({ error: { code, message, ...more } })}\n` : `millrace: ${message}\n`,
  );
  // Not one of ours: whoever mends it needs to know where it came from.
  const isSystem = error instanceof Error && 'code' in error;
  if (!isJson && code === 'UNEXPECTED' && !isSystem && error instanceof Error)
    surroundings.err(`${error.stack ?? ''}\n`);
};

/** A file named on the command line that is not there is a slip of the hand; any other is a fault. */
const fileFault = (error: unknown, argv: readonly string[]): unknown => {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return error;
  const missing = 'path' in error && typeof error.path === 'string' ? path.resolve(error.path) : undefined;
  const named = argv.find((word) => path.resolve(word.replace(/^--[a-z]+=/, '')) === missing);
  return named === undefined
    ? error
    : new MillraceError('FILE_NOT_FOUND', `there is no file "${named}"`, {}, { cause: error });
};

/** Runs one command line, without the node and script of `process.argv`. Never throws and never ends the process. */
export const runCli = async (argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> => {
  try {
    await buildProgram(surroundings).parseAsync([...argv], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // Commander has written its own message; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const fault = fileFault(awsFault(error), argv);
    complain(fault, argv.includes('--json'), surroundings);
    return exitCodeOf(fault);
  }
};
