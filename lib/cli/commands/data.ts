import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Command } from 'commander';
import { parseModelSpec } from '../../domain/model-spec/index.ts';
import type { AppliedSpec } from '../../registry/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { objectKeys } from '../../wire/object-keys.ts';
import type { Place } from '../place.ts';
import { atDesk, deciderOf, globalOf, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';

const changes: Record<AppliedSpec['change'], string> = {
  created: 'is registered',
  changed: 'has a new revision in force',
  unchanged: 'says what it said before: nothing changed',
};

const apply = async (
  file: string,
  place: Place,
  desk: Desk,
  surroundings: Surroundings,
): Promise<AppliedSpec> => {
  const spec = parseModelSpec(new TextDecoder().decode(await surroundings.readFile(file)));
  const why = `${path.basename(file)} was applied from the command line`;
  const by = await deciderOf(undefined, desk, surroundings);
  const applied = await desk.registry.applySpec({ spec, by, why });
  // Data may have come before its model.json: it has waited.
  const waiting = await desk.registry.pendingArrivals(spec.name);
  if (waiting.length > 0) await surroundings.collect(place, spec.name);
  return applied;
};

/**
 * The name of a file in the drop zone: its own, with its content's hash and the spec's revision, so that nothing is ever
 * overwritten and the same content under the same model.json is the same object. What a file system allows beyond
 * letters, digits and ._=- becomes a hyphen.
 */
const keyName = (file: string, sha256: string, revision: number): string => {
  const name = path.basename(file).replace(/[^\w.=-]+/g, '-');
  const extension = /(?:\.(?:csv|json|jsonl|ndjson))?\.[A-Za-z0-9]+$/.exec(name)?.[0] ?? '';
  return `${name.slice(0, name.length - extension.length)}-${sha256.slice(0, 12)}-r${revision}${extension}`;
};

export interface DroppedFile {
  readonly file: string;
  readonly key: string;
  /** False: this very content lies there already. */
  readonly isNew: boolean;
}

const dropFile = async (
  model: string,
  file: string,
  desk: Desk,
  surroundings: Surroundings,
): Promise<DroppedFile> => {
  const { specRevision } = await desk.registry.getModel(model);
  const key = objectKeys.incoming(model, keyName(file, await surroundings.hashFile(file), specRevision));
  const { created } = await desk.objects.putIfAbsent(key, { filePath: file });
  return { file, key, isNew: created };
};

const drop = async (
  model: string,
  files: readonly string[],
  desk: Desk,
  surroundings: Surroundings,
): Promise<readonly DroppedFile[]> => {
  if (files.some((file) => path.basename(file) === 'model.json'))
    throw new MillraceError(
      'USAGE_WRONG',
      'a model.json is among the files, expected data: use `millrace apply model.json` for it',
    );
  await desk.registry.getModel(model);
  const dropped: DroppedFile[] = [];
  for (const file of files) dropped.push(await dropFile(model, file, desk, surroundings));
  if (dropped.some(({ isNew }) => isNew)) {
    // The mark says that the batch is complete: no need to wait out the quiet period. One name for one batch.
    const batch = createHash('sha256')
      .update(dropped.map(({ key }) => key).join('\n'))
      .digest('hex')
      .slice(0, 12);
    await desk.objects.putIfAbsent(objectKeys.incoming(model, `${batch}._SUCCESS`), '');
  }
  return dropped;
};

/** `apply` and `drop`: what starts everything. */
export const addDataCommands = (program: Command, surroundings: Surroundings): void => {
  program
    .command('apply')
    .description('Register a model, or change it, by its model.json')
    .argument('<file>', 'a model.json')
    .addHelpText(
      'after',
      '\nThree lines are enough:\n  { "name": "penguins", "task": "multiclass", "target": "Species" }\n\nExample:\n  millrace apply examples/penguins/model.json',
    )
    .action(async (file: string, _options, command: Command) => {
      const { place } = globalOf(command);
      const desk = await surroundings.openDesk(place, { create: true });
      const { change, specRevision } = await apply(file, place, desk, surroundings);
      await desk.close();
      const { model, revision } = specRevision;
      say(command, surroundings, {
        data: { model, change, revision },
        text: () => `${model} ${changes[change]} (revision ${revision}).\n`,
      });
    });
  program
    .command('drop')
    .description(
      'Give a model data files (.csv, .parquet, .jsonl, .json, also gzipped), or a .onnx trained elsewhere',
    )
    .argument('<model>')
    .argument('<files...>')
    .addHelpText(
      'after',
      '\nThe files are one batch: a running `millrace start` trains on them at once, a later one when it starts,\nand a stage (--stage) by itself.\nContent dropped before starts nothing.\n\nExample:\n  millrace drop penguins data/*.csv',
    )
    .action((model: string, files: string[], _options, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        const dropped = await drop(model, files, desk, surroundings);
        say(command, surroundings, {
          data: { model, files: dropped },
          text: () =>
            dropped
              .map(({ file, key, isNew }) =>
                isNew
                  ? `${file} → ${key}\n`
                  : `${file} was dropped before under this model.json (${key}): it starts nothing\n`,
              )
              .join(''),
        });
      }),
    );
};
