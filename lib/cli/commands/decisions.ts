import type { Command } from 'commander';
import { formatMoment, formatNumber } from '../../console/format.ts';
import { runPath } from '../../console/parts.ts';
import type { Decision } from '../../domain/retraining/index.ts';
import { atDesk, globalOf, say } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

const times = ({ count, lastSeenAt }: Decision): string =>
  count === 1 ? '' : `${formatNumber(count)} times, last ${formatMoment(lastSeenAt)}`;

/** A home has a page of each run; on a stage `millrace show run` tells the same. */
const runIn = (decision: Decision, base: string | undefined): string | undefined => {
  const { runId } = decision;
  return runId !== undefined && base !== undefined ? `${base}${runPath(runId)}` : runId;
};

const decisionsText = (model: string, decisions: readonly Decision[], base: string | undefined): string =>
  decisions.length === 0
    ? `Nothing has asked for another ${model} yet.\n`
    : renderTable(
        ['when', 'decision', 'because', 'again'],
        decisions.map((one) => [
          formatMoment(one.at),
          one.decision,
          [one.because.join('; '), runIn(one, base)].filter(Boolean).join(' → '),
          times(one),
        ]),
      );

/** `decisions`: what the controller did about what the monitor saw. */
export const addDecisionsCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('decisions')
    .description('Show when a model was retrained, and when it was not, with the reasons')
    .argument('<model>')
    .action((model: string, _options, command: Command) =>
      atDesk(command, surroundings, async ({ registry, address }) => {
        await registry.getModel(model);
        const decisions = await registry.listDecisions(model, { limit: 20 });
        const isHome = globalOf(command).place.kind === 'home';
        const base = surroundings.env.MILLRACE_URL ?? (isHome ? address : undefined);
        say(command, surroundings, {
          data: { decisions },
          text: () => decisionsText(model, decisions, base),
        });
      }),
    );
};
