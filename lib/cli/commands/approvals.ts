import type { Command } from 'commander';
import type { Approval } from '../../domain/approval/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { deciderOf, globalOf, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';

/** The question meant: by its id, by the model, or by `model@version`. */
const findApproval = async (what: string, { registry }: Pick<Desk, 'registry'>): Promise<Approval> => {
  const pending = await registry.listPendingApprovals();
  const meant = pending.filter(
    ({ approvalId, model, version }) =>
      what === approvalId || what === model || what === `${model}@${version}`,
  );
  const [only, ...others] = meant;
  if (others.length > 0)
    throw new MillraceError(
      'USAGE_WRONG',
      `${meant.length} decisions on "${what}" are open, expected one: name ${meant.map(({ model, version }) => `${model}@${version}`).join(' or ')}`,
    );
  // Not pending: getting it tells decided ones, unknown ones and the rest apart.
  return only ?? registry.getApproval(what);
};

interface DecideOptions {
  readonly by?: string;
  readonly reason: string;
}

const words = {
  approve: { decision: 'approved', done: 'Approved', gist: 'let a version serve' },
  reject: { decision: 'rejected', done: 'Rejected', gist: 'keep a version from serving' },
} as const;

/** `approve` and `reject`: what the approval page does, from the keyboard. */
export const addApprovalCommands = (program: Command, surroundings: Surroundings): void => {
  for (const name of ['approve', 'reject'] as const) {
    const { decision, done, gist } = words[name];
    program
      .command(name)
      .summary(`${gist[0]?.toUpperCase()}${gist.slice(1)}`)
      .description(`Decide an open question: ${gist}. Who decided and why is kept for good.`)
      .argument('<what>', 'a model, model@version, or the id of the approval')
      .requiredOption('--reason <text>', 'why: kept in the audit')
      .option('--by <name>', 'who decides (default: who AWS says you are, or the user of this machine)')
      .addHelpText(
        'after',
        `\nExample:\n  millrace ${name} flight-delay --reason "AUC up, calibration holds"`,
      )
      .action(async (what: string, options: DecideOptions, command: Command) => {
        const { place } = globalOf(command);
        const desk = await surroundings.openDesk(place);
        const { approvalId } = await findApproval(what, desk);
        const by = await deciderOf(options.by, desk, surroundings);
        await desk.close();
        const approval = await surroundings.decideApproval(place, {
          approvalId,
          decision,
          by,
          reason: options.reason,
        });
        say(command, surroundings, {
          data: { approval },
          text: () => `${done} ${approval.model} version ${approval.version}, by ${by}.\n`,
        });
      });
  }
};
