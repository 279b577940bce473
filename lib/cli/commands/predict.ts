import type { Command } from 'commander';
import { formatValue } from '../../console/format.ts';
import type { PlainAnswer } from '../../domain/prediction/index.ts';
import { parseJson } from '../../serving/read-body.ts';
import { MillraceError } from '../../wire/errors.ts';
import { readRows } from '../read-rows.ts';
import { globalOf, say } from '../report.ts';
import type { Answers, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

interface PredictOptions {
  readonly row?: string;
  readonly file?: string;
}

/** Rows at a time, so that a large file passes the limit of one request. */
const rowsPerRequest = 5000;

const readInput = async (
  { row, file }: PredictOptions,
  model: string,
  answers: Answers,
  surroundings: Surroundings,
) => {
  if ((row === undefined) === (file === undefined))
    throw new MillraceError('USAGE_WRONG', 'predict takes either --row or --file, expected one of them');
  const columns = await answers.columnsOf(model);
  if (row !== undefined) return readRows('row.json', JSON.stringify(parseJson(row)), columns);
  const name = file ?? '';
  return readRows(name, new TextDecoder().decode(await surroundings.readFile(name)), columns);
};

const textOf = (answers: readonly PlainAnswer[]): string =>
  renderTable(
    ['row', 'answer', 'probability', 'prediction id'],
    answers.map((answer, row) => [
      String(row + 1),
      'label' in answer ? answer.label : formatValue(answer.value),
      'label' in answer ? formatValue(answer.probability) : '',
      answer.predictionId,
    ]),
  );

/** `predict`: asks the version that serves, in this process as the server would, or at a stage's endpoint. */
export const addPredictCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('predict')
    .description(
      'Ask the version that serves, with or without a running server; a stage is asked at its endpoint',
    )
    .argument('<model>')
    .option('--row <json>', 'one row as JSON, or several as an array')
    .option('--file <file>', 'rows in a .json, .jsonl or .csv file')
    .addHelpText(
      'after',
      `\nExamples:\n  millrace predict penguins --row '{"Beak Length (mm)": 39.1, "Island": "Torgersen"}'\n  millrace predict penguins --file new-birds.csv --json`,
    )
    .action((model: string, options: PredictOptions, command: Command) =>
      surroundings.withPredictions(globalOf(command).place, async (asked) => {
        const rows = await readInput(options, model, asked, surroundings);
        const answers: PlainAnswer[] = [];
        let version: number | undefined;
        for (let from = 0; from < Math.max(1, rows.length); from += rowsPerRequest) {
          const answer = await asked.ask(model, rows.slice(from, from + rowsPerRequest));
          version = answer.version;
          answers.push(...answer.predictions);
        }
        say(command, surroundings, {
          data: { predictions: answers, model, version },
          text: () => textOf(answers),
        });
      }),
    );
};
