import { type Command, Option } from 'commander';
import { formatMoment } from '../../console/format.ts';
import { atDesk, deciderOf, globalOf, say } from '../report.ts';
import type { RetrainAnswer, Surroundings } from '../surroundings.ts';
import { addDecisionsCommand } from './decisions.ts';
import { addDriftCommand } from './drift.ts';

const byOption = '--by <name>';
const byText = 'who decides (default: who AWS says you are, or the user of this machine)';

const retrainText = (model: string, { decision, because, runId }: RetrainAnswer): string =>
  decision === 'retrain'
    ? `${model} is being retrained: \`millrace show run ${runId}\` follows it.\n`
    : `Not now: ${because.join('; ')}. The request is kept, and answered when that is over.\n`;

const addRetrain = (program: Command, surroundings: Surroundings): void => {
  program
    .command('retrain')
    .description(
      'Ask for a new model: past cool-downs and without new data, never past a pause, the budget or a run under way',
    )
    .argument('<model>')
    .requiredOption('--why <text>', 'kept with the decision and the run')
    .option(byOption, byText)
    .addHelpText(
      'after',
      '\nExample:\n  millrace retrain flight-delay --why "the airline changed its timetable"',
    )
    .action(async (model: string, options: { why: string; by?: string }, command: Command) => {
      const { place } = globalOf(command);
      let by = '';
      await atDesk(command, surroundings, async (desk) => {
        await desk.registry.getModel(model);
        by = await deciderOf(options.by, desk, surroundings);
      });
      const answer = await surroundings.retrain(place, { model, why: options.why, by });
      say(command, surroundings, { data: answer, text: () => retrainText(model, answer) });
    });
};

const addPause = (program: Command, surroundings: Surroundings): void => {
  program
    .command('pause')
    .description('Let nothing retrain a model until you resume; what asks for it is kept')
    .argument('<model>')
    .requiredOption('--reason <text>', 'why: kept in the audit')
    .addOption(new Option('--resume', 'end the pause'))
    .option(byOption, byText)
    .action((model: string, options: { reason: string; resume?: boolean; by?: string }, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        await desk.registry.getModel(model);
        const by = await deciderOf(options.by, desk, surroundings);
        const isPaused = options.resume !== true;
        const pause = await desk.registry.setPause({ model, isPaused, by, reason: options.reason });
        say(command, surroundings, {
          data: pause,
          text: () =>
            pause.isPaused
              ? `Retraining of ${model} is paused since ${formatMoment(pause.at)}. New data is kept, and trained on once you resume.\n`
              : `Retraining of ${model} goes on.\n`,
        });
      }),
    );
};

/** `retrain`, `pause`, `decisions`, `drift`: what the monitor sees and the controller does about it. */
export const addRetrainCommands = (program: Command, surroundings: Surroundings): void => {
  addRetrain(program, surroundings);
  addPause(program, surroundings);
  addDecisionsCommand(program, surroundings);
  addDriftCommand(program, surroundings);
};
