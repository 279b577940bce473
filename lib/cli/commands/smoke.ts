import type { Command } from 'commander';
import { requireStage } from '../place.ts';
import { say } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';

/** `smoke`: does a deployed stage do what it is for? */
export const addSmokeCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('smoke')
    .description(
      'Drive a deployed stage once: drop the penguins, wait, approve, predict over the endpoint, compare, tidy up',
    )
    .addHelpText(
      'after',
      '\nIt takes a few minutes and a few cents, under a model name of its own; what serves is not touched.\nWhere the front door takes tokens of your issuer, put one into MILLRACE_TOKEN.\n\nExample:\n  millrace smoke --stage dev',
    )
    .action(async (_options, command: Command) => {
      const place = requireStage(command);
      const result = await surroundings.smoke(place, (text) => surroundings.err(`${text}\n`));
      say(command, surroundings, {
        data: { stage: place.stage, ...result },
        text: () =>
          `Stage ${place.stage} works: ${result.comparedRows} answers of ${result.model} version ${result.version} are those it was registered with (${result.seconds} s, run ${result.runId}).\n`,
      });
    });
};
