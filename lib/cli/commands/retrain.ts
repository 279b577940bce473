import { type Command, Option } from 'commander';
import { formatMoment, formatNumber } from '../../console/format.ts';
import type { WindowRecord } from '../../domain/drift/index.ts';
import type { Decision } from '../../domain/retraining/index.ts';
import { atDesk, deciderOf, globalOf, say } from '../report.ts';
import type { RetrainAnswer, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

const byOption = '--by <name>';
const byText = 'who decides (default: who AWS says you are, or the user of this machine)';

const retrainText = (model: string, { decision, because, runId }: RetrainAnswer): string =>
  decision === 'retrain'
    ? `${model} is being retrained: \`millrace show run ${runId}\` follows it.\n`
    : `Not now: ${because.join('; ')}. The request is kept, and answered when that is over.\n`;

const times = ({ count, lastSeenAt }: Decision): string =>
  count === 1 ? '' : `${formatNumber(count)} times, last ${formatMoment(lastSeenAt)}`;

const decisionsText = (model: string, decisions: readonly Decision[]): string =>
  decisions.length === 0
    ? `Nothing has asked for another ${model} yet.\n`
    : renderTable(
        ['when', 'decision', 'because', 'again'],
        decisions.map((one) => [
          formatMoment(one.at),
          one.decision,
          [one.because.join('; '), one.runId].filter(Boolean).join(' → '),
          times(one),
        ]),
      );

const scoreIn = (window: WindowRecord, lane: string): string => {
  const score = window.lanes.find((one) => one.lane === lane)?.score;
  return score === undefined ? '–' : formatNumber(Number(score.toFixed(3)));
};

/** The columns over the limit, or the one nearest to it. */
const movedIn = ({ columns }: WindowRecord): string => {
  const over = columns.filter(({ score }) => score >= 1);
  return (over.length > 0 ? over.slice(0, 3) : columns.slice(0, 1))
    .map(({ name, score, movedShare }) => `${name} ${score.toFixed(2)} (${(100 * movedShare).toFixed(0)} %)`)
    .join(', ');
};

const driftText = (model: string, windows: readonly WindowRecord[]): string =>
  windows.length === 0
    ? `No window of ${model} has been judged yet: a window is judged 20 minutes after its end.\n`
    : `${renderTable(
        ['window until', 'version', 'rows', 'outcome', 'drift', 'data quality', 'moved most'],
        windows.map((window) => [
          formatMoment(window.windowEnd),
          String(window.version),
          formatNumber(window.rows),
          window.outcome,
          scoreIn(window, 'drift'),
          scoreIn(window, 'data-quality'),
          movedIn(window),
        ]),
      )}\n1 is the limit of every score; in brackets the share of the traffic that moved.\n`;

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
              ? `Retraining of ${model} is paused since ${formatMoment(pause.at)}. New data still starts runs.\n`
              : `Retraining of ${model} goes on.\n`,
        });
      }),
    );
};

/** `retrain`, `pause`, `decisions`, `drift`: what the monitor sees and the controller does about it. */
export const addRetrainCommands = (program: Command, surroundings: Surroundings): void => {
  addRetrain(program, surroundings);
  addPause(program, surroundings);
  program
    .command('decisions')
    .description('Show when a model was retrained, and when it was not, with the reasons')
    .argument('<model>')
    .action((model: string, _options, command: Command) =>
      atDesk(command, surroundings, async ({ registry }) => {
        await registry.getModel(model);
        const decisions = await registry.listDecisions(model, { limit: 20 });
        say(command, surroundings, { data: { decisions }, text: () => decisionsText(model, decisions) });
      }),
    );
  program
    .command('drift')
    .description('Show how far what a model is asked has moved from what it was validated on, by window')
    .argument('<model>')
    .action((model: string, _options, command: Command) =>
      atDesk(command, surroundings, async ({ registry }) => {
        await registry.getModel(model);
        const windows = await registry.listWindows(model, { limit: 14 });
        say(command, surroundings, { data: { windows }, text: () => driftText(model, windows) });
      }),
    );
};
