import path from 'node:path';
import type { Command } from 'commander';
import { formatMoment, formatNumber } from '../../console/format.ts';
import { minGoldenRows } from '../../domain/gates/index.ts';
import type { GoldenSet } from '../../domain/golden/index.ts';
import { atDesk, deciderOf, globalOf, say } from '../report.ts';
import type { Desk, GoldenSetRequest, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

type Options = { readonly file?: string; readonly why: string; readonly by?: string };

const originOf = ({ from }: GoldenSet): string =>
  from.kind === 'file' ? from.of : `test rows of dataset ${from.of.slice(0, 12)}`;

const inPercent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

/** The commonest classes with their shares, or the mean. */
const labelOf = ({ label }: GoldenSet): string => {
  const shares = Object.entries(label).toSorted(([, a], [, b]) => b - a);
  const shown = shares.slice(0, 4).map(([name, share]) => `${name} ${inPercent(share)}`);
  if (label.mean !== undefined && shares.length === 1) return `mean ${formatNumber(label.mean)}`;
  return [...shown, ...(shares.length > shown.length ? ['…'] : [])].join(', ');
};

/** A model trained on the rows that are trusted from now on has contradicted those that were. */
const doubtOn = async (
  { model, from }: GoldenSet,
  { registry }: Pick<Desk, 'registry'>,
): Promise<string | undefined> => {
  if (from.kind === 'file') return undefined;
  const runs = await registry.listRuns(model, { limit: 100 });
  const conflict = runs.find(
    ({ datasetVersion, challengerPath }) => datasetVersion === from.of && challengerPath === 'conflict',
  );
  if (conflict === undefined) return undefined;
  const version = conflict.modelVersion === undefined ? 'a version' : `version ${conflict.modelVersion}`;
  return `Look at these rows: ${version} learned from their dataset and was a conflict with the golden set before. If the labels that came last are wrong, they count as right from now on: refresh it from a file of rows you have checked (--file).`;
};

const frozenText = (set: GoldenSet): string =>
  `The golden set of ${set.model} is revision ${set.revision}: ${formatNumber(set.rows)} rows of ${originOf(set)} (${labelOf(set)}).\nThe next challenger is judged on it; its rows are left out of training.\n`;

const setsText = (model: string, sets: readonly GoldenSet[]): string =>
  sets.length === 0
    ? `${model} has no golden set yet. A version that begins to serve leaves one where its test part has ${minGoldenRows} rows or more; to give your own: \`millrace golden freeze ${model} --file <rows> --why …\`.\n`
    : renderTable(
        ['revision', 'rows', 'from', 'label', 'frozen', 'by', 'why'],
        sets.map((set) => [
          String(set.revision),
          formatNumber(set.rows),
          originOf(set),
          labelOf(set),
          formatMoment(set.at),
          set.by,
          set.why,
        ]),
      );

const addFreezing = (
  golden: Command,
  surroundings: Surroundings,
  words: {
    readonly action: GoldenSetRequest['action'];
    readonly description: string;
    readonly usual: string;
  },
): void => {
  golden
    .command(words.action)
    .description(words.description)
    .argument('<model>')
    .option('--file <rows>', `rows with their truth, as they are dropped (default: ${words.usual})`)
    .requiredOption('--why <text>', 'kept with the golden set and in the audit')
    .option('--by <name>', 'who decides (default: who AWS says you are, or the user of this machine)')
    .action(async (model: string, { file, why, by: given }: Options, command: Command) => {
      const { place } = globalOf(command);
      let by = '';
      await atDesk(command, surroundings, async (desk) => {
        await desk.registry.getModel(model);
        by = await deciderOf(given, desk, surroundings);
      });
      const set = await surroundings.freezeGoldenSet(place, {
        model,
        action: words.action,
        ...(file !== undefined && { filePath: path.resolve(file) }),
        by,
        why,
      });
      let doubt: string | undefined;
      await atDesk(command, surroundings, async (desk) => {
        doubt = await doubtOn(set, desk);
      });
      const data = { ...set, ...(doubt !== undefined && { doubt }) };
      const doubtText = doubt === undefined ? '' : `${doubt}\n`;
      say(command, surroundings, { data, text: () => `${frozenText(set)}${doubtText}` });
    });
};

/** `golden freeze`, `golden refresh`, `golden show`: the trusted rows that every challenger is judged on. */
export const addGoldenCommands = (program: Command, surroundings: Surroundings): void => {
  const golden = program
    .command('golden')
    .description('Keep the trusted rows on which no challenger may be worse than the champion')
    .addHelpText(
      'after',
      '\nExamples:\n  millrace golden freeze flight-delay --file checked.csv --why "checked by hand in May"\n  millrace golden refresh flight-delay --why "the new timetable is what counts from now on"',
    );
  addFreezing(golden, surroundings, {
    action: 'freeze',
    description: 'Freeze the first golden set of a model',
    usual: 'up to 10,000 test rows of the dataset its champion was trained on',
  });
  addFreezing(golden, surroundings, {
    action: 'refresh',
    description: 'Put another golden set in force: say why, for it decides what counts as right',
    usual: 'up to 10,000 test rows of the newest dataset',
  });
  golden
    .command('show')
    .description('Show the golden sets of a model, the one in force first')
    .argument('<model>')
    .action((model: string, _options, command: Command) =>
      atDesk(command, surroundings, async ({ registry }) => {
        await registry.getModel(model);
        const goldenSets = await registry.listGoldenSets(model);
        say(command, surroundings, { data: { goldenSets }, text: () => setsText(model, goldenSets) });
      }),
    );
};
