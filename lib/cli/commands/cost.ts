import type { Command } from 'commander';
import {
  type Bill,
  billOf,
  type Price,
  type PriceName,
  prices,
  pricesAsOf,
  pricesRegion,
  type Team,
  trainingInstancePage,
  trainingInstanceUsdPerHour,
  trainingJobUsd,
  usesAsleep,
  usesPredicting,
  usesTraining,
  usuallyKept,
} from '../../domain/cost/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { parseSettingsFile, readSettings, type Settings } from '../../wire/settings.ts';
import { placeOf } from '../place.ts';
import { say } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

interface CostOptions {
  readonly models: number;
  readonly predictionsPerDay: number;
  readonly rowsPerRequest: number;
  readonly trainingMinutes: number;
  readonly objectsGb: number;
  readonly instance?: string;
  readonly hours: number;
}

const numberOption =
  (name: string, { min, isWhole = true }: { readonly min: number; readonly isWhole?: boolean }) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= min && (!isWhole || Number.isInteger(value)))
      return value;
    throw new MillraceError(
      'USAGE_WRONG',
      `${name} is "${text}", expected a ${isWhole ? 'whole ' : ''}number from ${min}`,
    );
  };

const instanceOption = (text: string): string => {
  const known = Object.keys(trainingInstanceUsdPerHour);
  if (known.includes(text)) return text;
  throw new MillraceError(
    'USAGE_WRONG',
    `--instance is "${text}", whose price is not known here; expected one of ${known.join(', ')}`,
  );
};

/** A stage that has no file of its own yet is priced with every default. */
const settingsOf = async (stage: string, surroundings: Surroundings): Promise<[Settings, string]> => {
  const file = `settings/${stage}.json`;
  try {
    const text = new TextDecoder().decode(await surroundings.readFile(file));
    return [parseSettingsFile(text, { stage, file }), file];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return [readSettings({ stage }), `every default: there is no ${file}`];
  }
};

const cents = (usd: number): string => {
  if (usd === 0) return '0';
  return usd < 0.005 ? '<0.01' : usd.toFixed(2);
};

const unitsText = (units: number): string =>
  units >= 100 ? Math.round(units).toLocaleString('en-US') : String(Number(units.toPrecision(2)));

/** `from`: the lines before it were shown already, and count all the same. */
const billTable = (title: string, bill: Bill, from = 0): string =>
  `${title}: $${bill.usd.toFixed(2)} at list price, $${bill.usdAfterFree.toFixed(2)} where AWS's lasting free allowances are not used up elsewhere\n\n${renderTable(
    ['what', 'units', 'unit', 'list $', 'paid $'],
    bill.lines
      .slice(from)
      .filter(({ units }) => units > 0)
      .map(({ what, price, units, usd, usdAfterFree }) => [
        what,
        unitsText(units),
        prices[price].per,
        cents(usd),
        cents(usdAfterFree),
      ]),
  )}`;

const sources = (bills: readonly Bill[]): string => {
  const used = new Set<PriceName>(bills.flatMap(({ lines }) => lines.map(({ price }) => price)));
  const found: readonly Price[] = [...used].map((name) => prices[name]);
  const pages = new Set(found.map(({ page }) => page));
  const doubts = found.flatMap(({ per, doubt }) => (doubt === undefined ? [] : `  ${per}: ${doubt}\n`));
  return `Prices of ${pricesRegion}, compared ${pricesAsOf} with copies of these pages and of AWS's price list, not with AWS itself;
without tax; other regions ask up to a quarter more. The pages have the last word:
${[...pages, trainingInstancePage].map((page) => `  ${page}\n`).join('')}${doubts.length === 0 ? '' : `In doubt:\n${doubts.join('')}`}`;
};

const jobText = ({ instance, hours }: CostOptions): string =>
  instance === undefined
    ? ''
    : `\nA training job of ${hours} h on ${instance}: $${trainingJobUsd(instance, hours).toFixed(2)}, on spot about a third of it\n`;

/** `cost`: what a stage costs asleep, at work, and for a training, from its settings. Asks nobody. */
export const addCostCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('cost')
    .description('Show what a stage costs asleep and at work, line by line, from settings/<stage>.json')
    .option('--models <n>', 'how many models', numberOption('--models', { min: 0 }), 1)
    .option(
      '--predictions-per-day <n>',
      'how many rows are asked',
      numberOption('--predictions-per-day', { min: 0 }),
      1000,
    )
    .option('--rows-per-request <n>', 'rows in a request', numberOption('--rows-per-request', { min: 1 }), 1)
    .option(
      '--training-minutes <n>',
      'how long a training in Lambda takes',
      numberOption('--training-minutes', { min: 0, isWhole: false }),
      3,
    )
    .option(
      '--objects-gb <n>',
      'how much lies in S3',
      numberOption('--objects-gb', { min: 0, isWhole: false }),
      usuallyKept.objectsGb,
    )
    .option('--instance <type>', 'price a SageMaker training job on this instance too', instanceOption)
    .option('--hours <n>', 'how long that job takes', numberOption('--hours', { min: 0, isWhole: false }), 1)
    .addHelpText(
      'after',
      '\nExamples:\n  millrace cost\n  millrace cost --stage prod --models 5 --predictions-per-day 100000',
    )
    .action(async (options: CostOptions, command: Command) => {
      const place = placeOf(command);
      const stage = place.kind === 'stage' ? place.stage : 'dev';
      const [settings, source] = await settingsOf(stage, surroundings);
      const { models, trainingMinutes, instance, hours, objectsGb } = options;
      const team: Team = { settings, models, kept: { ...usuallyKept, objectsGb } };
      const asleep = billOf(usesAsleep(team));
      const atWork = billOf([...usesAsleep(team), ...usesPredicting(team, options)]);
      const training = billOf(usesTraining(team, trainingMinutes));
      const job =
        instance === undefined ? undefined : { instance, hours, usd: trainingJobUsd(instance, hours) };
      say(command, surroundings, {
        data: { stage, settings, pricesRegion, pricesAsOf, asleep, atWork, training, job },
        text: () =>
          [
            `Stage ${stage} (${source}), ${models} model${models === 1 ? '' : 's'}, a month of 730 hours\n\n`,
            billTable('Asleep', asleep),
            options.predictionsPerDay === 0
              ? ''
              : `\n${billTable(`At work, ${options.predictionsPerDay.toLocaleString('en-US')} predictions a day, the lines above included`, atWork, asleep.lines.length)}`,
            `\n${billTable(`One training of ${trainingMinutes} minutes in Lambda`, training)}`,
            jobText(options),
            `\n${sources([asleep, atWork, training])}`,
          ].join(''),
      });
    });
};
