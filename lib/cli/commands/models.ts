import type { Command } from 'commander';
import { formatAgo } from '../../console/format.ts';
import { atDesk, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';
import { metricsInWords, routeInWords } from '../words.ts';

const listModels = async (command: Command, desk: Desk, surroundings: Surroundings): Promise<void> => {
  const { registry } = desk;
  const models = await Promise.all(
    (await registry.listModels()).map(async (record) => ({
      ...record,
      route: await registry.getRoute(record.model),
    })),
  );
  say(command, surroundings, {
    data: { models },
    text: () =>
      models.length === 0
        ? 'No model yet: `millrace apply model.json`, then `millrace drop <model> <file>`.\n'
        : renderTable(
            ['model', 'task', 'serving', 'model.json', 'changed'],
            models.map(({ model, task, route, specRevision, changedAt }) => [
              model,
              task,
              routeInWords(route),
              `revision ${specRevision}`,
              formatAgo(changedAt, surroundings.now()),
            ]),
          ),
  });
};

const listVersions = async (
  model: string,
  command: Command,
  desk: Desk,
  surroundings: Surroundings,
): Promise<void> => {
  await desk.registry.getModel(model);
  const versions = await desk.registry.listVersions(model);
  say(command, surroundings, {
    data: { versions },
    text: () =>
      versions.length === 0
        ? `${model} has no version yet.\n`
        : renderTable(
            ['version', 'stage', 'trainer', 'metrics on the test rows', 'trained', 'run'],
            versions.map(({ version, stage, trainer, metrics, createdAt, runId }) => [
              String(version),
              stage,
              trainer,
              metricsInWords(metrics),
              formatAgo(createdAt, surroundings.now()),
              runId,
            ]),
          ),
  });
};

/** `models` and `versions`. */
export const addModelCommands = (program: Command, surroundings: Surroundings): void => {
  program
    .command('models')
    .description('List the models and which version of each serves')
    .action((_options, command: Command) =>
      atDesk(command, surroundings, (desk) => listModels(command, desk, surroundings)),
    );
  program
    .command('versions')
    .description('List the versions of a model, newest first, with their stage and metrics')
    .argument('<model>')
    .action((model: string, _options, command: Command) =>
      atDesk(command, surroundings, (desk) => listVersions(model, command, desk, surroundings)),
    );
};
