import path from 'node:path';
import type { Command } from 'commander';
import { formatAgo, formatMoment } from '../../console/format.ts';
import { sourceFormatOf } from '../../domain/dataset/index.ts';
import type { LabelFile, RealisedWindow } from '../../domain/labels/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { objectKeys } from '../../wire/object-keys.ts';
import { atDesk, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

/** The newest that are shown. */
const shownFiles = 20;
const shownWindows = 10;

/** Its own name, with its content's hash: nothing is overwritten, and the same content is the same object. */
const keyName = (file: string, sha256: string): string => {
  const name = path.basename(file).replace(/[^\w.=-]+/g, '-');
  const extension = /(?:\.(?:csv|tsv|json|jsonl|ndjson))?\.[A-Za-z0-9]+$/.exec(name)?.[0] ?? '';
  return `${name.slice(0, name.length - extension.length)}-${sha256.slice(0, 12)}${extension}`;
};

const dropLabels = async (model: string, file: string, desk: Desk, surroundings: Surroundings) => {
  await desk.registry.getModel(model);
  if (sourceFormatOf(file) === undefined)
    throw new MillraceError(
      'DATA_FORMAT_UNKNOWN',
      `"${path.basename(file)}" is no name of a file of labels, expected one that says its format`,
    );
  const key = objectKeys.labels(model, keyName(file, await surroundings.hashFile(file)));
  const { created } = await desk.objects.putIfAbsent(key, { filePath: file });
  return { file, key, isNew: created };
};

const countText = (count: number | undefined): string => (count === undefined ? '–' : String(count));

/** What was posted is called by its whole hash. */
const shortName = (name: string): string => name.replace(/^(posted\/[0-9a-f]{12})[0-9a-f]+/, '$1…');

const fileRows = (model: string, files: readonly LabelFile[], now: number): readonly (readonly string[])[] =>
  files.map(({ key, status, notedAt, rows, taken, refused, because }) => [
    shortName(key.slice(objectKeys.labels(model, '').length)),
    because === undefined ? status : 'unreadable',
    formatAgo(notedAt, now),
    countText(rows),
    countText(taken),
    countText(refused),
  ]);

const percentOf = (share: number | undefined): string =>
  share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;

const windowRows = (windows: readonly RealisedWindow[]): readonly (readonly string[])[] =>
  windows.map(({ windowEnd, rows, labelledRows, coverage, delayHours, unknownLabels, outcome, because }) => [
    formatMoment(windowEnd),
    String(rows),
    String(labelledRows),
    percentOf(coverage),
    delayHours === undefined ? '–' : `${delayHours.toFixed(1)} h`,
    String(unknownLabels),
    outcome === 'judged' ? outcome : `${outcome}: ${because}`,
  ]);

const showLabels = async (model: string, desk: Desk, surroundings: Surroundings) => {
  const { registry } = desk;
  await registry.getModel(model);
  const pending = await registry.pendingLabelFiles(model);
  const taken = await registry.listTakenLabelFiles(model, { limit: shownFiles });
  const files = [...pending.toReversed(), ...taken].slice(0, shownFiles);
  const windows = await registry.listRealisedWindows(model, { limit: shownWindows });
  const filesText =
    files.length === 0
      ? `No labels yet: \`millrace labels ${model} <file>\`, or POST /models/${model}/labels.\n`
      : renderTable(
          ['file', 'state', 'came', 'rows', 'taken', 'refused'],
          fileRows(model, files, surroundings.now()),
        );
  const windowsText =
    windows.length === 0
      ? ''
      : `\n${renderTable(
          ['window until', 'predictions', 'labelled', 'coverage', 'delay (95 %)', 'unknown', 'outcome'],
          windowRows(windows),
        )}`;
  return { data: { model, files, windows }, text: () => `${filesText}${unreadText(files)}${windowsText}` };
};

const unreadText = (files: readonly LabelFile[]): string =>
  files.flatMap(({ because }) => (because === undefined ? [] : [`\n${because}\n`])).join('');

/** `labels`: gives a model late truth, or shows what came. */
export const addLabelCommands = (program: Command, surroundings: Surroundings): void => {
  program
    .command('labels')
    .description('Give a model the truth about its predictions, or show what came and how much of it')
    .argument('<model>')
    .argument('[file]', '.csv, .parquet, .jsonl or .json, also gzipped')
    .addHelpText(
      'after',
      "\nA row names a prediction (predictionId) or holds all of the model's key columns, and has a label: a column\n`label`, one named as the target, or the raw columns its SQL reads. `at` says when it became known.\nRows may come late, twice, corrected and in any order.\n\nExample:\n  millrace labels penguins truth.csv",
    )
    .action((model: string, file: string | undefined, _options, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        if (file === undefined) {
          say(command, surroundings, await showLabels(model, desk, surroundings));
          return;
        }
        const dropped = await dropLabels(model, file, desk, surroundings);
        say(command, surroundings, {
          data: { model, ...dropped },
          text: () =>
            dropped.isNew
              ? `${file} → ${dropped.key}\nThe monitor takes it in at its next look: \`millrace labels ${model}\` shows what became of it.\n`
              : `${file} was given before (${dropped.key}): its labels count once\n`,
        });
      }),
    );
};
