import { type Command, Option } from 'commander';
import { gatherDriftFacts } from '../../../lambdas/watch-models/drift-report.ts';
import {
  type DriftReportFacts,
  renderDriftReport,
  windowMovements,
} from '../../domain/drift-report/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { championYardstick, compareFile, modelMonitorYardstick, refuseDrift } from '../compare-file.ts';
import { comparisonText, driftText } from '../drift-text.ts';
import { atDesk, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';

interface DriftOptions {
  readonly open?: boolean;
  readonly out?: string;
  readonly file?: string;
  readonly statistics?: string;
  readonly constraints?: string;
}

/** Windows a table on the screen has room for; the page and --json have all that are drawn. */
const listed = 14;

const gather = async (model: string, { registry, objects, alarms }: Desk): Promise<DriftReportFacts> => {
  await registry.getModel(model);
  return gatherDriftFacts(model, { registry, objects, ...(alarms && { alarms: await alarms() }) });
};

/** Drawn now, with what labels have told since the window was judged; as it was then it lies beside the window. */
const writePage = async (
  facts: DriftReportFacts,
  { open, out }: DriftOptions,
  surroundings: Surroundings,
): Promise<string> => {
  const file = await surroundings.writePage(renderDriftReport(facts), out ?? `drift-${facts.model}.html`, {
    isKept: out !== undefined,
  });
  if (open === true) await surroundings.openPage(file);
  return file;
};

const show = (model: string, options: DriftOptions, command: Command, surroundings: Surroundings) =>
  atDesk(command, surroundings, async (desk) => {
    const facts = await gather(model, desk);
    if (options.open === true || options.out !== undefined) {
      const file = await writePage(facts, options, surroundings);
      say(command, surroundings, { data: { file }, text: () => `${file}\n` });
      return;
    }
    const { windows, realised, decisions, alarms } = facts;
    say(command, surroundings, {
      data: { windows, realised, movements: windowMovements(facts), decisions, alarms },
      text: () => driftText({ ...facts, windows: windows.slice(0, listed) }),
    });
  });

const compare = async (
  model: string | undefined,
  { file = '', statistics, constraints }: DriftOptions,
  command: Command,
  surroundings: Surroundings,
): Promise<void> => {
  const judge = async (yardstick: Parameters<typeof compareFile>[1]) => {
    const comparison = await compareFile(file, yardstick, surroundings);
    say(command, surroundings, { data: comparison, text: () => comparisonText(comparison) });
    refuseDrift(comparison);
  };
  if (statistics !== undefined && constraints !== undefined && model === undefined)
    return judge(await modelMonitorYardstick({ statistics, constraints }, surroundings));
  if (model === undefined || statistics !== undefined || constraints !== undefined)
    throw new MillraceError(
      'USAGE_WRONG',
      '--file is compared with one baseline, expected either a model or both of --statistics and --constraints',
    );
  return atDesk(command, surroundings, async (desk) => judge(await championYardstick(model, desk)));
};

/** `drift`: what the monitor sees, as a table, as a page, and of any file. */
export const addDriftCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('drift')
    .description('Show how far what a model is asked has moved from what it was validated on, by window')
    .argument('[model]')
    .option('--out <file>', 'write drift.html: charts and tables in one file')
    .option('--open', 'show drift.html in your browser')
    .option(
      '--file <data>',
      'compare a .csv, .jsonl, .json or .parquet file instead (exit code 6: it moved too far)',
    )
    .addOption(
      new Option(
        '--statistics <file>',
        'with --file: compare with the statistics.json of SageMaker Model Monitor',
      ),
    )
    .addOption(new Option('--constraints <file>', 'and with its constraints.json'))
    .addHelpText(
      'after',
      `\nExamples:\n  millrace drift flight-delay --open\n  millrace drift flight-delay --file next-week.parquet\n  millrace drift --file next-week.csv --statistics statistics.json --constraints constraints.json`,
    )
    .action((model: string | undefined, options: DriftOptions, command: Command) => {
      if (options.file !== undefined) return compare(model, options, command, surroundings);
      if (model !== undefined && options.statistics === undefined && options.constraints === undefined)
        return show(model, options, command, surroundings);
      throw new MillraceError(
        'USAGE_WRONG',
        'drift needs a model, or a file to compare, expected one of them',
      );
    });
};
