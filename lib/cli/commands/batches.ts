import type { Command } from 'commander';
import { formatMoment, formatNumber } from '../../console/format.ts';
import type { Batch, BatchJudgement } from '../../domain/registry/index.ts';
import { hasRows } from '../../domain/retraining/index.ts';
import type { DecideBatch, DecidedBatch, Registry } from '../../registry/index.ts';
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

const whyOf = ({ state, gate, acceptance, objection }: BatchJudgement): string => {
  const said = acceptance ?? objection;
  if (said !== undefined) return `by ${said.by}: ${said.why}`;
  if (state === 'unjudged') return 'no champion to compare it with';
  const verdict = state === 'quarantined' ? 'fail' : 'unknown';
  const rows = gate.filter((row) => row.verdict === verdict);
  return rows.map(({ subject, because }) => `${subject}: ${because}`).join('; ');
};

const rowOf = ({ batchId, closedAt, judgement }: KnownBatch): readonly string[] =>
  judgement === undefined
    ? [formatMoment(closedAt), 'not looked at', '', '', batchId, '']
    : [
        formatMoment(closedAt),
        states[judgement.state],
        formatNumber(judgement.rows),
        labelRateOf(judgement),
        batchId,
        whyOf(judgement),
      ];

const batchesText = (model: string, batches: readonly KnownBatch[]): string =>
  batches.length === 0
    ? `No data has been dropped for ${model} yet.\n`
    : renderTable(['arrived', 'state', 'rows', 'labels'], batches.map(rowOf), ['batch', 'WHY']);

const acceptedText = ({ isNew, judgement: { model, batchId, state } }: DecidedBatch): string => {
  if (isNew)
    return `Batch ${batchId} joins the next run of ${model}: \`millrace retrain ${model} --why …\` starts one now.\n`;
  return state === 'accepted'
    ? `Batch ${batchId} of ${model} was accepted before: nothing changed.\n`
    : `Batch ${batchId} of ${model} is not in quarantine: there is nothing to accept.\n`;
};

const quarantinedText = ({ isNew, judgement: { model, batchId } }: DecidedBatch): string =>
  isNew
    ? `Batch ${batchId} is in no run of ${model} from now on. Versions that learned from it stay as they are: \`millrace rollback ${model}\` takes one out of service.\n`
    : `Batch ${batchId} of ${model} was in quarantine before: nothing changed.\n`;

interface Decision {
  readonly name: 'accept' | 'quarantine';
  readonly description: string;
  readonly why: string;
  readonly example: string;
  readonly decide: (registry: Registry, request: DecideBatch) => Promise<DecidedBatch>;
  readonly text: (decided: DecidedBatch) => string;
}

const decisions: readonly Decision[] = [
  {
    name: 'accept',
    description:
      'Let a batch out of quarantine: its rows join the next run. Who did and why is kept for good.',
    why: 'what you know that the numbers do not: kept in the audit',
    example: 'accept flight-delay 01kk… --why "distances are in kilometres from now on"',
    decide: (registry, request) => registry.acceptBatch(request),
    text: acceptedText,
  },
  {
    name: 'quarantine',
    description:
      'Keep a batch that was taken in out of every run to come, until it is accepted. Who did and why is kept for good.',
    why: 'what is wrong with it: kept in the audit',
    example: 'quarantine flight-delay 01kk… --why "its labels are the wrong way round"',
    decide: (registry, request) => registry.quarantineBatch(request),
    text: quarantinedText,
  },
];

const addDecision = (
  batches: Command,
  surroundings: Surroundings,
  { name, description, why, example, decide, text }: Decision,
): void => {
  batches
    .command(name)
    .description(description)
    .argument('<model>')
    .argument('<batch>', 'as `millrace batches <model>` names it')
    .requiredOption('--why <text>', why)
    .option('--by <name>', 'who decides (default: who AWS says you are, or the user of this machine)')
    .addHelpText('after', `\nExample:\n  millrace batches ${example}`)
    .action((model: string, batchId: string, options: { why: string; by?: string }, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        await desk.registry.getModel(model);
        const by = await deciderOf(options.by, desk, surroundings);
        const decided = await decide(desk.registry, { model, batchId, by, why: options.why });
        say(command, surroundings, { data: decided, text: () => text(decided) });
      }),
    );
};

const toKnown = ({ batchId, closedAt }: Batch, judgements: readonly BatchJudgement[]): KnownBatch => {
  const judgement = judgements.find((one) => one.batchId === batchId);
  return { batchId, closedAt, ...(judgement && { judgement }) };
};

/** `batches`: what arrived, what was found of it, letting in what was held, and holding what was let in. */
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
  for (const decision of decisions) addDecision(batches, surroundings, decision);
};
