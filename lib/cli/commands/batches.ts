import type { Command } from 'commander';
import { formatMoment, formatNumber } from '../../console/format.ts';
import type { Batch, BatchJudgement } from '../../domain/registry/index.ts';
import { hasRows } from '../../domain/retraining/index.ts';
import type { AcceptedBatch } from '../../registry/index.ts';
import { atDesk, deciderOf, say } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

const shown = 20;

interface KnownBatch {
  readonly batchId: string;
  readonly closedAt: string;
  /** Absent until a run has looked at it. */
  readonly judgement?: BatchJudgement;
}

const states: Record<BatchJudgement['state'], string> = {
  unjudged: 'taken in',
  passed: 'good',
  quarantined: 'quarantined',
  accepted: 'accepted',
};

/** The shares of the rarer classes, which is where a change shows; of two classes one says it all. */
const labelRateOf = ({ labels, rows }: BatchJudgement): string => {
  if (labels === undefined || rows === 0) return '';
  const rarer = Object.entries(labels)
    .toSorted(([, a], [, b]) => b - a)
    .slice(1, 4);
  return rarer.map(([name, count]) => `${name} ${((100 * count) / rows).toFixed(1)} %`).join(', ');
};

const whyOf = ({ state, gate, acceptance }: BatchJudgement): string => {
  if (acceptance !== undefined) return `by ${acceptance.by}: ${acceptance.why}`;
  if (state === 'unjudged') return 'no champion to compare it with';
  const verdict = state === 'quarantined' ? 'fail' : 'unknown';
  const rows = gate.filter((row) => row.verdict === verdict);
  return rows.map(({ subject, because }) => `${subject}: ${because}`).join('; ');
};

const rowOf = ({ batchId, closedAt, judgement }: KnownBatch): readonly string[] =>
  judgement === undefined
    ? [formatMoment(closedAt), 'not looked at', '', '', '', batchId]
    : [
        formatMoment(closedAt),
        states[judgement.state],
        formatNumber(judgement.rows),
        labelRateOf(judgement),
        whyOf(judgement),
        batchId,
      ];

const batchesText = (model: string, batches: readonly KnownBatch[]): string =>
  batches.length === 0
    ? `No data has been dropped for ${model} yet.\n`
    : renderTable(['arrived', 'state', 'rows', 'labels', 'why'], batches.map(rowOf), ['batch']);

const acceptedText = ({ isNew, judgement: { model, batchId, state } }: AcceptedBatch): string => {
  if (isNew)
    return `Batch ${batchId} joins the next run of ${model}: \`millrace retrain ${model} --why …\` starts one now.\n`;
  return state === 'accepted'
    ? `Batch ${batchId} of ${model} was accepted before: nothing changed.\n`
    : `Batch ${batchId} of ${model} is not in quarantine: there is nothing to accept.\n`;
};

const addAccept = (batches: Command, surroundings: Surroundings): void => {
  batches
    .command('accept')
    .description(
      'Let a batch out of quarantine: its rows join the next run. Who did and why is kept for good.',
    )
    .argument('<model>')
    .argument('<batch>', 'as `millrace batches <model>` names it')
    .requiredOption('--why <text>', 'what you know that the numbers do not: kept in the audit')
    .option('--by <name>', 'who decides (default: who AWS says you are, or the user of this machine)')
    .addHelpText(
      'after',
      '\nExample:\n  millrace batches accept flight-delay 01kk… --why "distances are in kilometres from now on"',
    )
    .action((model: string, batchId: string, options: { why: string; by?: string }, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        await desk.registry.getModel(model);
        const by = await deciderOf(options.by, desk, surroundings);
        const accepted = await desk.registry.acceptBatch({ model, batchId, by, why: options.why });
        say(command, surroundings, { data: accepted, text: () => acceptedText(accepted) });
      }),
    );
};

const toKnown = ({ batchId, closedAt }: Batch, judgements: readonly BatchJudgement[]): KnownBatch => {
  const judgement = judgements.find((one) => one.batchId === batchId);
  return { batchId, closedAt, ...(judgement && { judgement }) };
};

/** `batches`: what arrived, what was found of it, and letting in what was held. */
export const addBatchCommands = (program: Command, surroundings: Surroundings): void => {
  const batches = program
    .command('batches')
    .description('Show the data that arrived for a model, and what of it is in quarantine')
    .argument('<model>')
    .action((model: string, _options, command: Command) =>
      atDesk(command, surroundings, async ({ registry }) => {
        await registry.getModel(model);
        const listed = await registry.listBatches(model, { limit: shown });
        const judgements = await registry.listBatchJudgements(model, { limit: 2 * shown });
        const known = listed.filter(hasRows).map((batch) => toKnown(batch, judgements));
        say(command, surroundings, { data: { batches: known }, text: () => batchesText(model, known) });
      }),
    );
  addAccept(batches, surroundings);
};
