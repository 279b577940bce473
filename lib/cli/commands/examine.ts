import type { Command } from 'commander';
import { type Finding, hasErrors } from '../../domain/doctor/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { globalOf, say } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';

const textOf = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? '✓ nothing keeps it from being served\n'
    : findings
        .map(
          ({ severity, code, what, fix }) =>
            `${severity === 'error' ? '✗' : '!'} ${code}: ${what}\n  → ${fix}\n`,
        )
        .join('');

/** `doctor` and `reproduce`: is it what it should be? */
export const addExamineCommands = (program: Command, surroundings: Surroundings): void => {
  program
    .command('doctor')
    .description('Examine an ONNX file: what would keep it from being served, and how to mend that')
    .argument('<file>', 'a model.onnx')
    .option('--model <name>', 'also hold it against the columns of this model')
    .action(async (file: string, options: { readonly model?: string }, command: Command) => {
      const findings = await surroundings.examine(file, { place: globalOf(command).place, ...options });
      say(command, surroundings, { data: { file, findings }, text: () => textOf(findings) });
      if (hasErrors(findings))
        throw new MillraceError('MODEL_FILE_INVALID', `${file} cannot be served as it is`);
    });
  program
    .command('reproduce')
    .description('Train a run again from its records and compare the bytes')
    .argument('<run>', 'the id of the run')
    .action(async (runId: string, _options, command: Command) => {
      const result = await surroundings.reproduce(globalOf(command).place, runId);
      const { isSame, expectedSha256, actualSha256 } = result;
      say(command, surroundings, {
        data: { run: runId, ...result },
        text: () =>
          isSame
            ? `The same bytes: sha256 ${actualSha256}\n`
            : `Other bytes: sha256 ${actualSha256}, expected ${expectedSha256}\n`,
      });
      if (!isSame)
        throw new MillraceError('RUN_NOT_REPRODUCED', `run ${runId} gave other bytes this time`, {
          ...result,
        });
    });
};
